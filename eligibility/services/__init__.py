"""Writes to the tables of this room, one verb each."""
