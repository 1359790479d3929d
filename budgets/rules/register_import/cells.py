"""What a cell of another register may hold. Each reader takes tidy text that is not empty and gives a value."""

from decimal import Decimal, InvalidOperation

from budgets.enums import EndReason, Funder, LivesIn, Method
from budgets.rules.statement_cells import read_money
from phb_register.cells import CellWrong, one_of, word
from phb_register.enums import EthnicCategory, Sex
from phb_register.rules import nhs_number_digits, nhs_number_fault

LONGEST_NAME = 100
_YES = frozenset({"yes", "y", "true", "t", "1", "fast track", "ft"})
_NO = frozenset({"no", "n", "false", "f", "0"})


def read_number(text: str) -> str:
    """An NHS number of ten digits."""
    digits = nhs_number_digits(text)
    # A spreadsheet that took the number for an amount.
    digits = digits.removesuffix(".0")
    if fault := nhs_number_fault(digits):
        raise CellWrong(fault)
    return digits


def read_name(text: str) -> str:
    """A name."""
    if len(text) > LONGEST_NAME:
        raise CellWrong(f"Shorten the name to {LONGEST_NAME} characters")
    return text


def read_yes_or_no(text: str) -> bool:
    """Yes or no."""
    word = text.lower()
    if word not in _YES | _NO:
        raise CellWrong("Enter yes or no")
    return word in _YES


def read_amount(text: str) -> Decimal:
    """Pounds and pence, nought or more."""
    amount = read_money(text)
    if amount is None or amount < 0:
        raise CellWrong("Enter an amount of 0 or more in pounds and pence, such as 12500.00")
    return amount


def read_percent(text: str) -> Decimal:
    """A percentage above 0 and no higher than 100, two places."""
    try:
        percent = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        raise CellWrong("Enter a percentage, like 60 or 62.5") from None
    if not percent.is_finite() or not 0 < percent <= 100 or percent != percent.quantize(Decimal("0.01")):
        raise CellWrong("Enter a percentage above 0 and no higher than 100, with at most two decimal places")
    return percent.quantize(Decimal("0.01"))


read_sex = one_of(Sex, {"f": Sex.FEMALE, "m": Sex.MALE, "1": Sex.MALE, "2": Sex.FEMALE, "9": Sex.INDETERMINATE})
read_ethnic_category = one_of(EthnicCategory)
read_lives_in = one_of(LivesIn, {"community": LivesIn.HOME, "care home": LivesIn.CARE_HOME, "home": LivesIn.HOME})
read_end_reason = one_of(EndReason)
_read_method = one_of(
    Method,
    {
        "notional": Method.NOTIONAL,
        "third party": Method.THIRD_PARTY,
        "isf": Method.THIRD_PARTY,
        "individual service fund": Method.THIRD_PARTY,
        "dp": Method.DIRECT_PAYMENT,
    },
)
#: Who pays beside the NHS; None where nobody does. "Joint" says no more than that somebody does: nearly always the
#: local authority.
_FUNDING: dict[str, Funder | None] = {
    "nhs": None,
    "nhs_only": None,
    "joint": Funder.LOCAL_AUTHORITY,
    "local_authority": Funder.LOCAL_AUTHORITY,
    "education": Funder.EDUCATION,
}


def read_funding(text: str) -> Funder | None:
    """Who pays beside the NHS."""
    key = word(text)
    if key not in _FUNDING:
        raise CellWrong(f"Enter one of these: {', '.join(_FUNDING)}")
    return _FUNDING[key]


def read_methods(text: str) -> tuple[tuple[Method, Decimal | None], ...]:
    """The methods, separated by semicolons, each with its pounds a year behind a colon where they are known."""
    found: dict[Method, Decimal | None] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, colon, amount = part.partition(":")
        method = _read_method(name)
        if method in found:
            raise CellWrong("Name each method once")
        found[method] = read_amount(amount.strip()) if colon else None
    if not found:
        raise CellWrong("Enter notional, third_party or direct_payment, with a semicolon between two of them")
    if len({amount is None for amount in found.values()}) > 1:
        raise CellWrong("Give the amount of each method, or of none")
    return tuple(found.items())
