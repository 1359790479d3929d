"""What parts of this room put into the slots of other pages."""
