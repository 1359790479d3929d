"""Writes of this room, one verb each."""
