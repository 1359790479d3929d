"""Tables of many rows: each shape of row is rendered once by the design system's macro, and filled in for the others.

The macro takes a tenth of a millisecond a cell, which for a page of 500 cells is most of the page. What it makes of a
cell follows from the cell's place and options; its content only stands in it. So the macro renders one row of each
shape, with marks where contents go, and the rows are put together from that. The markup is the macro's own, letter for
letter (tests/unit/phb_register/test_nhsuk_tables.py).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import escape

#: Fewer rows are left to the macro.
FEWEST_ROWS = 4
_MARK = "\ue000{}\ue001"
_MARKS = re.compile("\ue000([0-9]+)\ue001")
_ROW = re.compile(r'<tr class="nhsuk-table__row".*?</tr>', re.DOTALL)
_BODY = '<tbody class="nhsuk-table__body">'

Cell = Any
Shape = tuple[Any, ...]


def render_table(macro: Callable[[Mapping[str, Any]], str], params: Mapping[str, Any]) -> str:
    """What `macro` makes of a table, sooner where it has many rows."""
    rows = params.get("rows")
    if not isinstance(rows, list) or len(rows) < FEWEST_ROWS:
        return str(macro(params))
    shapes: dict[Shape, list[Cell]] = {}
    filled: list[tuple[Shape, list[str]]] = []
    for row in rows:
        if not isinstance(row, list) or not all(isinstance(cell, str | dict) for cell in row):
            return str(macro(params))
        contents: list[str] = []
        marked = [_marked(cell, contents) for cell in row]
        shape = tuple(_key(cell) for cell in marked)
        shapes.setdefault(shape, marked)
        filled.append((shape, contents))
    if len(shapes) > len(rows) // 2:
        return str(macro(params))
    models = list(shapes.values())
    # Two at least, to see what stands between rows.
    made = str(macro({**params, "rows": models if len(models) > 1 else models * 2}))
    begin = made.index(_BODY)
    found = list(_ROW.finditer(made, begin))
    if len(found) != max(len(models), 2):
        return str(macro(params))
    between = made[found[0].end() : found[1].start()]
    pieces = {shape: _MARKS.split(found[place][0]) for place, shape in enumerate(shapes)}
    if any(len(pieces[shape]) != 2 * len(contents) + 1 for shape, contents in filled):
        return str(macro(params))
    body = between.join(_filled(pieces[shape], contents) for shape, contents in filled)
    return made[: found[0].start()] + body + made[found[-1].end() :]


def _marked(cell: Cell, contents: list[str]) -> Cell:
    """The cell with a mark for its content, which is added to `contents`; as it is, where its content shapes it."""
    if isinstance(cell, str):
        if hasattr(cell, "__html__") or not _stands_alone(cell):
            return cell
        contents.append(str(escape(cell)))
        return _MARK.format(len(contents) - 1)
    for name in ("html", "text"):
        content = cell.get(name)
        if content:
            if not isinstance(content, str) or not _stands_alone(content):
                return cell
            contents.append(str(content if name == "html" else escape(content)))
            return {**cell, name: _MARK.format(len(contents) - 1)}
    return cell


def _stands_alone(content: str) -> bool:
    """Whether the macro puts the content in as it is: it indents lines and trims space."""
    return bool(content) and content == content.strip() and len(content.splitlines()) == 1


def _key(cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell
    return tuple((name, repr(value)) for name, value in cell.items())


def _filled(pieces: list[str], contents: list[str]) -> str:
    """A row of marks with the contents in their places: every second piece is the number of one."""
    return "".join(contents[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces))
