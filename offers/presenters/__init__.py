"""How this room's things are said on a page."""
