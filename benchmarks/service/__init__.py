"""`make bench`: what the service does in production's set-up, and what that costs."""
