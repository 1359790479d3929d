"""How far an agreed amount departs from the indicative one, and whether that needs a reason. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Departure:
    """What lies between an agreed and an indicative amount, in pounds a year.

    `difference` is above nought where more was agreed. `percent` is of the indicative amount, to one decimal place,
    for showing only; None where the indicative amount is nought.
    """

    difference: Decimal
    percent: Decimal | None
    needs_reason: bool


def check_departure(agreed: Decimal, indicative: Decimal, margin_percent: Decimal) -> Departure:
    """Compare two annual amounts in pounds. A reason is needed beyond the margin, up or down, and not at it.

    The margin is a percentage of the indicative amount, and each commissioner sets its own. It is compared exactly,
    never by the rounded percentage.
    """
    difference = agreed - indicative
    percent = None
    if indicative:
        percent = (difference * 100 / indicative).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Departure(difference, percent, abs(difference) * 100 > margin_percent * indicative)
