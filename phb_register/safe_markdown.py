"""The safe subset of Markdown that people write in: local offers and letters.

Allowed: paragraphs, headings, bulleted and numbered lists, bold, italic, links to https and mailto addresses,
tables, line breaks. Not allowed, and so shown as the characters typed: HTML, images, code, quotations,
anything fetched from elsewhere. What comes out has been through two independent fences: the parser knows only
the subset, and nh3 lets only its tags through.

A slot, where a kind of text has them, is a token of its own: its value replaces it after parsing, so a value can
never be read as Markdown.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_LINK = re.compile(r"(https://[^\s]+|mailto:[^\s]+)", re.IGNORECASE)
_TABLE_CLASSES = {
    "thead_open": "nhsuk-table__head",
    "tbody_open": "nhsuk-table__body",
    "tr_open": "nhsuk-table__row",
    "td_open": "nhsuk-table__cell",
}
_LIST_CLASSES = {
    "bullet_list_open": "nhsuk-list nhsuk-list--bullet",
    "ordered_list_open": "nhsuk-list nhsuk-list--number",
}
_HEADING_CLASSES = {
    2: "nhsuk-heading-l",
    3: "nhsuk-heading-m",
    4: "nhsuk-heading-s",
    5: "nhsuk-heading-xs",
    6: "nhsuk-heading-xs",
}
_TAGS = {"p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "span"}
_TAGS |= {"div", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {
    tag: {"class"} for tag in ("h2", "h3", "h4", "h5", "h6", "ul", "ol", "span", "table", "thead", "tbody", "tr", "td")
}
_ATTRIBUTES |= {
    "div": {"class", "data-module", "role", "aria-label"},
    "a": {"href"},
    "th": {"class", "scope"},
    "ol": {"class", "start"},
}


@dataclass(frozen=True)
class Dialect:
    """What one kind of text has beyond the subset.

    ``slot`` finds a slot and its code (group 1); one without a value shows as ``missing``. With ``keeps_lines`` each
    line that was typed stays a line of its own.
    """

    slot: re.Pattern[str] | None = None
    missing: str = ""
    keeps_lines: bool = False


PLAIN = Dialect()


def render(body: str, values: Mapping[str, str] | None = None, *, dialect: Dialect = PLAIN, top_level: int = 3) -> str:
    """HTML of a text, safe to put on a page or into a PDF. ``values`` gives the text of each slot.

    Headings start at ``top_level`` and never skip a level, whatever the writer typed, so that the outline of page and
    PDF stays in order.
    """
    parser = _parser(dialect)
    tokens = parser.parse(body)
    _arrange_headings(tokens, top_level)
    _dress(tokens)
    unsafe = parser.renderer.render(tokens, parser.options, {"values": dict(values or {}), "missing": dialect.missing})
    return nh3.clean(
        unsafe,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )


def slot_codes(body: str, dialect: Dialect) -> list[str]:
    """The codes of the slots in a text, each once, in the order of the text."""
    found = [
        child.meta["code"]
        for token in _parser(dialect).parse(body)
        for child in token.children or ()
        if child.type == "slot"
    ]
    return list(dict.fromkeys(found))


def plain_text(body: str, dialect: Dialect = PLAIN, values: Mapping[str, str] | None = None) -> str:
    """The words of a text without its marks. ``values`` gives the text of each slot.

    A blank line between paragraphs; points with a dash or their number, and rows of a table, each on a line; the
    address of a link after its words.
    """
    slots = dict(values or {})
    lines: list[tuple[str, bool]] = []
    lists: list[int | None] = []
    mark, cells = "", []
    for token in _parser(dialect).parse(body):
        if token.type in _LIST_CLASSES:
            lists.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "  " * (len(lists) - 1) + ("- " if number is None else f"{number}. ")
            lists[-1] = None if number is None else number + 1
        elif token.type in ("th_close", "td_close"):
            cells.append(lines.pop()[0])
        elif token.type == "tr_close":
            lines.append((", ".join(cells), True))
            cells = []
        elif token.type == "inline":
            lines.append((mark + _words(token, slots, dialect.missing), bool(lists)))
            mark = ""
    text = ""
    was_point = False
    for words, is_point in lines:
        text += ("\n" if was_point and is_point else "\n\n") + words
        was_point = is_point
    return text.strip()


def _words(inline: Token, values: Mapping[str, str], missing: str) -> str:
    words = address = ""
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            words += "\n"
        elif child.type == "link_close":
            words += f" ({address})"
        elif child.type == "link_open":
            address = str(child.attrs["href"]).removeprefix("mailto:")
        elif child.type == "slot":
            words += values.get(child.meta["code"], missing)
        else:
            words += child.content
    return words


@cache
def _parser(dialect: Dialect) -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "breaks": dialect.keeps_lines}
    parser = MarkdownIt("zero", options)
    parser.enable(["heading", "list", "table", "emphasis", "link", "newline", "escape", "entity", "balance_pairs"])
    if dialect.slot is not None:
        parser.inline.ruler.before("escape", "slot", _slot_reader(dialect.slot))
        parser.add_render_rule("slot", _write_slot)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    parser.validateLink = lambda url: _LINK.fullmatch(url) is not None  # type: ignore[method-assign]
    return parser


def _slot_reader(slot: re.Pattern[str]) -> Callable[[StateInline, bool], bool]:
    def read(state: StateInline, silent: bool) -> bool:
        match = slot.match(state.src, state.pos)
        if match is None:
            return False
        if not silent:
            token = state.push("slot", "span", 0)
            token.meta = {"code": match[1]}
        state.pos = match.end()
        return True

    return read


def _write_slot(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    text = env["values"].get(tokens[index].meta["code"], env["missing"])
    return f'<span class="app-slot">{html.escape(text)}</span>'


def _open_table(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Open a table inside a region that scrolls on a phone, named by the table's headings."""
    end = next(at for at in range(index, len(tokens)) if tokens[at].type == "thead_close")
    cells = (tokens[at + 1].children or [] for at in range(index, end) if tokens[at].type == "th_open")
    headings = ("".join(child.content for child in cell) for cell in cells)
    label = html.escape(f"Table: {', '.join(headings)}")
    return (
        '<div class="nhsuk-scroll" data-module="nhsuk-scroll">'
        f'<div class="nhsuk-scroll__content" role="region" aria-label="{label}"><table class="nhsuk-table">\n'
    )


def _close_table(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return "</table></div></div>\n"


def _arrange_headings(tokens: list[Token], top_level: int) -> None:
    """Give headings the levels `top_level`, +1, … by their nesting, so that none is skipped."""
    typed: list[int] = []
    for token in tokens:
        if token.type not in ("heading_open", "heading_close"):
            continue
        if token.type == "heading_open":
            level = int(token.tag[1])
            while typed and typed[-1] >= level:
                typed.pop()
            typed.append(level)
        token.tag = f"h{min(top_level + len(typed) - 1, 6)}"


def _dress(tokens: list[Token]) -> None:
    """Put the NHS classes on, and the scope on table headings."""
    for token in tokens:
        if token.type == "th_open":
            token.attrs = {"class": "nhsuk-table__header", "scope": "col"}
        elif token.type in _TABLE_CLASSES or token.type in _LIST_CLASSES:
            token.attrs = {**token.attrs, "class": (_TABLE_CLASSES | _LIST_CLASSES)[token.type]}
            token.attrs.pop("style", None)
        elif token.type == "heading_open":
            token.attrs = {"class": _HEADING_CLASSES[int(token.tag[1])]}
