"""Reference data of this room that arrives with `migrate`: a module for each kind, and its file beside it."""
