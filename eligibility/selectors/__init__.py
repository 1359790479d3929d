"""Composed reads for the pages of this room and of the rooms above."""
