"""Components from skeletons: each shape of a component is made once by the design system's macro, and then filled in.

A macro takes from half a millisecond to eight, which together is most of a page. What it makes follows from the options
it is asked with; contents only stand in it. So it is asked once for each set of options, with marks where contents go,
and what it made is kept with holes in these places. The markup is the macro's own, letter for letter
(tests/unit/phb_register/test_nhsuk_skeletons.py). What goes into the holes is not kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from markupsafe import Markup, escape

Macro = Callable[..., str]
Token = Any

#: Shapes that are kept at most, of components and of rows of tables: some kilobytes each.
MOST_KEPT: Final = 1_000
#: A table with more shapes of rows than this, and than every second row, is left to the macro.
FEW_SHAPES: Final = 4

# Where contents go: below which parameter ("" for the component's own), and under which names. A component that is
# not here is always left to its macro. What a macro looks into (a table's caption, which becomes an id) is no content
# but part of the shape.
_TEXTS: Final = frozenset({"text", "html"})
_LINKS: Final = frozenset({"text", "html", "href"})
PLACES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "actionLink": {"": _LINKS},
    "backLink": {"": _LINKS},
    "breadcrumb": {"items": _LINKS},
    "button": {"": _LINKS},
    "checkboxes": {"items": _TEXTS},
    "dateInput": {"items": frozenset({"value"})},
    "details": {"": _TEXTS | {"summaryText"}},
    "footer": {},
    "header": {"account": _TEXTS},
    "input": {"": frozenset({"value"})},
    "insetText": {"": _TEXTS},
    "pagination": {"items": _LINKS, "next": _LINKS, "previous": _LINKS},
    "radios": {"items": _TEXTS},
    "searchInput": {"": frozenset({"value"})},
    "select": {"items": _TEXTS | {"value"}},
    "skipLink": {},
    "summaryList": {"rows": _LINKS},
    "table": {"rows": _TEXTS},
    "tag": {"": _TEXTS},
    "warningCallout": {"": _TEXTS},
}
# With these a macro looks into what is chosen, or says what was typed.
_UNFIT_WITH: Final[Mapping[str, frozenset[str]]] = {
    "checkboxes": frozenset({"value"}),
    "dateInput": frozenset({"errorMessage"}),
    "input": frozenset({"errorMessage"}),
    "radios": frozenset({"value"}),
    "searchInput": frozenset({"errorMessage"}),
    "select": frozenset({"value"}),
}
_NOWHERE: Final[frozenset[str]] = frozenset()

_DICT, _LIST, _END, _HOLE = object(), object(), object(), object()
# The tokens of contents of one line with no space around them: nearly all.
_TEXT, _SAFE = (_HOLE, str, "", "", False), (_HOLE, Markup, "", "", False)
#: A mark with its number; of contents of several lines with a last line, which tells how far the macro moves lines in.
_MARK, _LAST_LINE = "\ue000{}\ue001", "\n\n\ue002"
_MARKS = re.compile("\ue000([0-9]+)\ue001(?:\n\n( *)\ue002)?")
_OF_MARKS = re.compile("[\ue000-\ue002]")
_ROW = re.compile(r'<tr class="nhsuk-table__row".*?</tr>', re.DOTALL)
_BODY = '<tbody class="nhsuk-table__body">'


class _UnfitError(Exception):
    """The component has to be made by its macro."""


class Skeleton(NamedTuple):
    """What a macro made, in pieces: which of them are holes, for which content, and how far its lines are moved in."""

    pieces: Sequence[str]
    holes: Sequence[tuple[int, int, str]]

    def filled(self, contents: Sequence[str]) -> str:
        """The component with its contents."""
        pieces = list(self.pieces)
        for place, number, indent in self.holes:
            content = contents[number]
            pieces[place] = _indented(content, indent) if indent else content
        return "".join(pieces)


class Row(NamedTuple):
    """A row of a table, with what stands before the rows, between them and after them."""

    before: str
    row: Skeleton
    between: str
    after: str


def render(macro: Macro, name: str, params: Mapping[str, Any], content: Markup | None = None) -> str:
    """What `macro` makes of the component `name`, mostly without asking it. `content` is nested in it."""
    made = _from_skeleton(macro, name, params, content)
    if made is None:
        made = str(macro(params) if content is None else macro(params, caller=lambda: content))
    return made


def _from_skeleton(macro: Macro, name: str, params: Mapping[str, Any], content: Markup | None) -> str | None:
    places = PLACES.get(name)
    if places is None or not _UNFIT_WITH.get(name, _NOWHERE).isdisjoint(params):
        return None
    tokens: list[Token] = []
    contents: list[str] = []
    try:
        if name == "table" and content is None and params.get("rows"):
            return _table(macro, params, places["rows"])
        for key, value in params.items():
            tokens.append(key)
            where = key if type(value) in (dict, list) else ""
            _read(value, key, places.get(where, _NOWHERE), tokens, contents)
        if content is not None:
            tokens.append(_END)
            _read(content, "content", frozenset({"content"}), tokens, contents)
    except _UnfitError:
        return None
    skeleton = _skeleton(macro, tuple(tokens))
    return skeleton.filled(contents) if skeleton else None


def _table(macro: Macro, params: Mapping[str, Any], places: frozenset[str]) -> str | None:
    """A table put together from the shapes of its rows."""
    around: list[Token] = []
    for key, value in params.items():
        if key != "rows":
            around.append(key)
            _read(value, key, _NOWHERE, around, [])
    rows: list[tuple[tuple[Token, ...], list[str]]] = []
    for row in params["rows"]:
        if type(row) is not list:
            return None
        tokens: list[Token] = []
        contents: list[str] = []
        for cell in row:
            _read(cell, "text", places, tokens, contents)
        rows.append((tuple(tokens), contents))
    shapes = {shape for shape, _ in rows}
    if len(shapes) > max(FEW_SHAPES, len(rows) // 2):
        return None
    outside = tuple(around)
    models = {shape: _row(macro, outside, shape) for shape in shapes}
    first = models[rows[0][0]]
    if first is None:
        return None
    made = []
    for shape, contents in rows:
        model = models[shape]
        if model is None or model.before != first.before or model.between != first.between:
            return None
        made.append(model.row.filled(contents))
    return first.before + first.between.join(made) + first.after


def _read(value: Any, name: str, places: frozenset[str], tokens: list[Token], contents: list[str]) -> None:
    """Add the tokens of a value, from which it can be built again but for the contents in it, which are apart."""
    kind = type(value)
    if kind is str or kind is Markup:
        core = str.strip(value) if name in places else ""
        if core:
            tokens.append(_hole(kind, value, core))
            contents.append(core if kind is Markup else str(escape(core)))
        else:
            tokens.append(value if kind is str else (Markup, value))
    elif kind is dict:
        tokens.append(_DICT)
        for key, item in value.items():
            tokens.append(key)
            if type(item) is str and key not in places:
                tokens.append(item)
            else:
                _read(item, key, places, tokens, contents)
        tokens.append(_END)
    elif kind is list:
        tokens.append(_LIST)
        for item in value:
            _read(item, "", places, tokens, contents)
        tokens.append(_END)
    elif value is None or kind in (bool, int, float):
        tokens.append((kind, value))  # True is 1 otherwise
    else:
        raise _UnfitError


def _hole(kind: type, value: str, core: str) -> Token:
    """The token of a content: markup or text, the space around it, and whether it has several lines."""
    if len(core) == len(value) and core.isprintable():
        return _TEXT if kind is str else _SAFE
    lines = core.splitlines()
    is_long = len(lines) > 1
    if is_long and "\n".join(lines) != core:
        raise _UnfitError  # a macro that moves lines in knows breaks of other kinds
    start = str.index(value, core)
    return (_HOLE, kind, str(value)[:start], str(value)[start + len(core) :], is_long)


@lru_cache(MOST_KEPT)
def _skeleton(macro: Macro, tokens: tuple[Token, ...]) -> Skeleton | None:
    """What the macro makes of these options, with holes; None where it cannot be cut."""
    if _has_marks(tokens):
        return None
    built = _Built(tokens)
    params = built.params()
    if built.is_at_end():
        return _cut(str(macro(params)))
    content = built.value(built.next())
    return _cut(str(macro(params, caller=lambda: content)))


@lru_cache(MOST_KEPT)
def _row(macro: Macro, around: tuple[Token, ...], shape: tuple[Token, ...]) -> Row | None:
    """A row of a table with these options; None where it cannot be cut out."""
    if _has_marks(around) or _has_marks(shape):
        return None
    built = _Built(shape)
    cells = []
    while not built.is_at_end():
        cells.append(built.value(built.next()))
    # Two, to see what stands between them.
    made = str(macro({**_Built(around).params(), "rows": [cells, cells]}))
    begin = made.find(_BODY)
    found = list(_ROW.finditer(made, begin)) if begin >= 0 else []
    if len(found) != 2 or found[0][0] != found[1][0]:
        return None
    row = _cut(found[0][0])
    before, between, after = made[: found[0].start()], made[found[0].end() : found[1].start()], made[found[1].end() :]
    if row is None or any(_OF_MARKS.search(part) for part in (before, between, after)):
        return None
    return Row(before, row, between, after)


def _has_marks(tokens: Sequence[Token]) -> bool:
    """Whether something that stays in the shape looks like a mark."""
    texts = (part for token in tokens for part in (token if type(token) is tuple else (token,)))
    return any(isinstance(text, str) and _OF_MARKS.search(text) for text in texts)


def _cut(made: str) -> Skeleton | None:
    pieces: list[str] = []
    holes: list[tuple[int, int, str]] = []
    done = 0
    for mark in _MARKS.finditer(made):
        pieces += [made[done : mark.start()], ""]
        holes.append((len(pieces) - 1, int(mark[1]), mark[2] or ""))
        done = mark.end()
    pieces.append(made[done:])
    return None if any(_OF_MARKS.search(piece) for piece in pieces) else Skeleton(tuple(pieces), tuple(holes))


class _Built:
    """Parameters built again from their tokens, with marks for the contents."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._marks: Iterator[int] = iter(range(len(tokens)))

    def next(self) -> Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def is_at_end(self) -> bool:
        return self._place == len(self._tokens)

    def params(self) -> dict[str, Any]:
        """Everything up to the content that is nested in the component."""
        made: dict[str, Any] = {}
        while not self.is_at_end() and (key := self.next()) is not _END:
            made[key] = self.value(self.next())
        return made

    def value(self, token: Token) -> Any:
        if token is _DICT:
            return self.params()
        if token is _LIST:
            made = []
            while (item := self.next()) is not _END:
                made.append(self.value(item))
            return made
        if type(token) is not tuple:
            return token
        if token[0] is not _HOLE:
            return Markup(token[1]) if token[0] is Markup else token[1]  # noqa: S704  was safe when it was read
        _, kind, before, after, is_long = token
        return kind(before + _MARK.format(next(self._marks)) + (_LAST_LINE if is_long else "") + after)


def _indented(content: str, indent: str) -> str:
    """The lines after the first moved in, as the macros do; empty ones are not."""
    return "\n".join(indent + line if number and line else line for number, line in enumerate(content.split("\n")))
