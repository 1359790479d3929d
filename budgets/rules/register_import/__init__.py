"""Reading rows of another register: which columns there are, what each cell may hold, how a row fits together. Pure."""

from .columns import COLUMNS, COLUMNS_BY_NAME, REQUIRED, Column, find_columns
from .rows import RegisterRow, RowProblem, read_row

__all__ = [
    "COLUMNS",
    "COLUMNS_BY_NAME",
    "REQUIRED",
    "Column",
    "RegisterRow",
    "RowProblem",
    "find_columns",
    "read_row",
]
