"""Reads of this room: each composes what one page or file needs, in a fixed number of queries."""
