"""What corrections of a supplier's first document are worth on its third (docs/learning.md)."""
