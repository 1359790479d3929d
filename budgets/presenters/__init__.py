"""How things are said and shown."""
