"""What the service is made of: its bill of materials, the licences of its parts, and what is known against them."""
