"""Money that was not spent: how many weeks of the budget it is, and whether somebody should look at it. Pure.

The threshold is local practice (eight weeks in St Helens), not law. The law lets a commissioner set accumulated money
off against a payment (regulation 13) or ask for it back (regulation 15); which of them, or neither, a person decides.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices


class SurplusDecision(TextChoices):
    """What somebody decided about a surplus."""

    LEAVE = "leave", "Leave it, with a reason"
    OFFSET = "offset", "Set it off against coming payments"
    RECOVER = "recover", "Ask for it back"
    OVERTAKEN = "overtaken", "A later return took its place"


@dataclass(frozen=True)
class SurplusFacts:
    """What is known of unspent money: all in pounds, ``threshold_weeks`` in weeks."""

    balance: Decimal
    ring_fenced: Decimal
    weekly_amount: Decimal
    threshold_weeks: Decimal

    @property
    def unspent(self) -> Decimal:
        """What is left when ring-fenced savings are left out; never below nought."""
        return max(self.balance - self.ring_fenced, Decimal(0))

    @property
    def weeks(self) -> Fraction | None:
        """Weeks of the budget that the unspent money is, exactly; None where nothing is paid any more."""
        if self.weekly_amount <= 0:
            return None
        return Fraction(self.unspent) / Fraction(self.weekly_amount)

    @property
    def is_over(self) -> bool:
        """Whether it is more than the threshold; as much as the threshold is not. Without payments, any money is."""
        return self.balance - self.ring_fenced > self.threshold_weeks * self.weekly_amount


def weeks_in_words(weeks: Fraction | None) -> str:
    """Weeks with one decimal, cut and not rounded up, so that 8.04 weeks never reads as more than they are."""
    if weeks is None:
        return "no payments to measure it by"
    tenths = weeks.numerator * 10 // weeks.denominator
    whole, tenth = divmod(tenths, 10)
    more = "more than " if Fraction(tenths, 10) != weeks else ""
    number = f"{whole}.{tenth}" if tenth else str(whole)
    return f"{more}{number} {'week' if number == '1' else 'weeks'}"
