"""Reading rows of another register: which columns there are, what each cell may hold, how a row fits together. Pure."""

from .columns import COLUMNS
from .rows import RegisterRow, read_row

__all__ = ["COLUMNS", "RegisterRow", "read_row"]
