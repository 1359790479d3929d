"""Composed reads for the pages of this room."""
