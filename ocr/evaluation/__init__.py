"""How right the fields are, measured against what is true. Pure: no Django, no files."""
