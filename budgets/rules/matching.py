"""What the lines of a statement are, and what a rule suggests they are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices


class LineMatch(TextChoices):
    """What a line of a statement is."""

    PAYMENT = "payment", "A payment of ours"
    PLAN = "plan", "Bought as the plan says"
    REFUND = "refund", "Money back from a supplier"
    REPAYMENT = "repayment", "Paid back to us"
    CHARGE = "charge", "Interest and charges of the account"
    OTHER_IN = "other_in", "Other money in"
    OFF_PLAN = "off_plan", "Not in the plan"


MONEY_IN = (LineMatch.PAYMENT, LineMatch.REFUND, LineMatch.CHARGE, LineMatch.OTHER_IN)
MONEY_OUT = (LineMatch.PLAN, LineMatch.OFF_PLAN, LineMatch.CHARGE, LineMatch.REPAYMENT)


@dataclass(frozen=True)
class Rule:
    """A line whose description contains the words, in capitals or not, is suggested to be this."""

    contains: str
    is_money_in: bool
    match: str
    category: str = ""

    def fits(self, description: str, amount: Decimal) -> bool:
        """Whether the rule speaks of such a line."""
        return (amount > 0) == self.is_money_in and _plain(self.contains) in _plain(description)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def suggestion(description: str, amount: Decimal, rules: Iterable[Rule]) -> Rule | None:
    """The rule that fits a line; of several the one with the longest words, which says most."""
    fitting = [rule for rule in rules if rule.fits(description, amount)]
    return max(fitting, key=lambda rule: (len(_plain(rule.contains)), rule.contains), default=None)


def matches_for(amount: Decimal) -> tuple[LineMatch, ...]:
    """What a line of this amount can be: money in is not spent, money out was not received."""
    return MONEY_IN if amount > 0 else MONEY_OUT


@dataclass(frozen=True)
class Sums:
    """What came of a return's lines, in pounds; money out is positive here."""

    money_in: Decimal
    paid_by_us: Decimal
    money_out: Decimal
    off_plan: Decimal
    unmatched: Decimal
    by_match: dict[str, Decimal]


def sums_of(lines: Iterable[tuple[Decimal, str]]) -> Sums:
    """Sums of lines, each an amount (positive is money in) and its match ("" where there is none yet)."""
    money_in = money_out = unmatched = Decimal(0)
    by_match: dict[str, Decimal] = {}
    for amount, match in lines:
        money_in += max(amount, Decimal(0))
        money_out += max(-amount, Decimal(0))
        if match:
            by_match[match] = by_match.get(match, Decimal(0)) + amount
        else:
            unmatched += amount
    return Sums(
        money_in=money_in,
        paid_by_us=by_match.get(LineMatch.PAYMENT, Decimal(0)),
        money_out=money_out,
        off_plan=-by_match.get(LineMatch.OFF_PLAN, Decimal(0)),
        unmatched=unmatched,
        by_match=by_match,
    )
