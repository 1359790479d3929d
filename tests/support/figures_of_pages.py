"""The numbers that stand on a page: those of its tables, tiles and lists, each with its name and where it leads."""

import re
from dataclasses import dataclass

import tinyhtml5

DIGIT = re.compile(r"\d")


#: What repeats the name of a column or row: for a phone, and for those who listen.
HIDDEN = {"nhsuk-u-visually-hidden", "nhsuk-table__heading"}


@dataclass(frozen=True)
class Figure:
    """A number with the table or tile it stands in, its column and row, and the address that it leads to, or ""."""

    where: str
    column: str
    row: str
    text: str
    address: str

    @property
    def number(self):
        """The whole number that it is; None for a percentage, an average, an amount."""
        return int(self.text.replace(",", "")) if re.fullmatch(r"[\d,]+", self.text) else None


def figures_of(page):
    """Every number of a page's tables and tiles."""
    root = tinyhtml5.parse(page, namespace_html_elements=False)
    for table in root.iter("table"):
        yield from _of_table(table)
    for tile in root.iter("li"):
        if "app-figure" in tile.get("class", "").split():
            label, value = (_only(tile, f"app-figure__{part}") for part in ("label", "value"))
            yield from _figure(_text(label), "", "", value)


def words_of(page):
    """All that a page says, in one line."""
    return _text(tinyhtml5.parse(page, namespace_html_elements=False))


def _of_table(table):
    caption = _text(table.find("caption"))
    rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
    heads = [_text(cell) for cell in rows[0]]
    for cells in rows[1:]:
        for head, cell in list(zip(heads, cells, strict=True))[1:]:
            if "numeric" in cell.get("class", ""):
                yield from _figure(caption, head, _text(cells[0], but_hidden=True), cell)


def _figure(where, column, row, cell):
    links = list(cell.iter("a"))
    text = _text(links[0] if links else cell, but_hidden=True)
    if DIGIT.search(text):
        yield Figure(where, column, row, text, links[0].get("href") if links else "")


def _only(element, name):
    return next(each for each in element.iter() if name in each.get("class", "").split())


def _text(element, *, but_hidden=False):
    if element is None:
        return ""
    said = []
    for each in element.iter():
        is_hidden = but_hidden and set(each.get("class", "").split()) & HIDDEN
        if isinstance(each.tag, str) and each.tag not in ("script", "style") and not is_hidden:
            said.append(each.text or "")
        if each is not element:
            said.append(each.tail or "")
    return re.sub(r"\s+", " ", " ".join(said)).strip()
