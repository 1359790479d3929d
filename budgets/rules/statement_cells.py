"""Single cells of a statement file: amounts, and what must not be kept of an account. Pure.

Only the digits 0 to 9 are digits here, and no cell is long enough to be slow.
"""

import re
from decimal import Decimal

from phb_register.cells import CellWrong, read_date, tidy

#: Pounds. No line of a budget is as large, and the sum of as many lines as a file may have still fits the register.
LARGEST = Decimal("1999999.99")

_MONEY = re.compile(r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?$|^\.[0-9]{1,2}$")
_PLAIN_SIX = re.compile(r"^[0-9]{6,}$")
_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){5,}(?![0-9])")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_SIX, _KEPT = 6, 4


def read_money(cell: str) -> Decimal | None:
    """The pounds of a cell, with its sign; None where it is empty.

    Takes £, commas between thousands, brackets or a minus before or behind for money out, and CR or DR behind.
    """
    text = tidy(cell).lstrip("'").replace("\u2212", "-").replace("\u2013", "-")
    if text.startswith(("=", "@")):
        raise CellWrong("This is a formula. Save the file with its values")
    text = text.replace("£", "").replace("GBP", "").replace(" ", "").upper()
    if text in ("", "-"):
        return None
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1], -1
    for ending, meant in (("CR", 1), ("DR", -1), ("-", -1), ("+", 1)):
        if text.endswith(ending):
            text, sign = text.removesuffix(ending), sign * meant
            break
    if text[:1] in ("-", "+"):
        text, sign = text[1:], (-sign if text[0] == "-" else sign)
    if not _MONEY.match(text):
        raise CellWrong("Write the amount in pounds and pence, like 1,234.50")
    if len(text) > 16 or Decimal(text.replace(",", "")) > LARGEST:
        raise CellWrong("The amount is too large. Check that this column holds amounts")
    return sign * Decimal(text.replace(",", "")).quantize(Decimal("0.01"))


def mask(text: str) -> str:
    """A text in which no account number, card number or sort code is left: of the longer ones the last four digits."""

    def short(found: "re.Match[str]") -> str:
        digits = re.sub(r"[^0-9]", "", found[0])
        return "••••" + digits[-_KEPT:] if len(digits) > _SIX else "••-••-••"

    return _DIGITS.sub(short, _IBAN.sub(short, text))


def masked_cell(cell: str, *, is_amount: bool, is_account: bool) -> str:
    """A cell as it may be kept while a file waits: dates and amounts as they are, numbers of accounts masked.

    ``is_amount`` and ``is_account`` say what the heading of its column speaks of.
    """
    text = tidy(cell)
    if is_account:
        digits = re.sub(r"[^0-9]", "", text)
        return "••••" + digits[-_KEPT:] if len(digits) > _SIX else ""
    if is_amount or not _PLAIN_SIX.match(text):
        for read in (read_date, read_money):
            try:
                read(text)
            except CellWrong:
                continue
            return text
    return mask(text)


def last_four(cell: str) -> str:
    """The last four digits of an account number that was masked; nothing where it is none."""
    digits = re.sub(r"[^0-9]", "", cell)
    return digits[-_KEPT:] if len(digits) >= _KEPT else ""
