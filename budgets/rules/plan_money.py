"""What a support plan costs, and whether a direct payment is enough for it (2013 Regulations, regulation 13). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.enums import Method, Recurrence
from budgets.exceptions import Problem
from budgets.rules.agreement import REGULATIONS, MethodAmount
from budgets.rules.periods import a_week_of, a_year_of

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PlanLine:
    """One service of a plan: how it is paid for, how often, and how much each time, in pounds."""

    method: str
    recurrence: str
    amount: Decimal


@dataclass(frozen=True)
class PlanCost:
    """What lines cost: each year as long as the plan lasts, and once."""

    annual: Decimal
    one_off: Decimal

    @property
    def weekly(self) -> Decimal:
        """The annual cost by the week."""
        return a_week_of(self.annual)

    @property
    def first_year(self) -> Decimal:
        """Of the first year, in which the one-offs fall."""
        return self.annual + self.one_off


def cost_of(lines: Iterable[PlanLine], method: str | None = None) -> PlanCost:
    """What the lines cost, or those of one method. Weeks are added first: each line's year alone would round."""
    sums = dict.fromkeys(Recurrence, NOTHING)
    for line in lines:
        if method is None or line.method == method:
            sums[Recurrence(line.recurrence)] += line.amount
    annual = a_year_of(sums[Recurrence.WEEKLY]) + sums[Recurrence.ANNUAL]
    return PlanCost(annual=annual, one_off=sums[Recurrence.ONE_OFF])


def check_sufficient(
    plan_lines: Sequence[PlanLine], methods: Sequence[MethodAmount], *, one_off_amount: Decimal = NOTHING
) -> list[Problem]:
    """Whether the direct payment covers the full cost of each service that the plan buys with it.

    `methods` are the parts of the budget in pounds a year; `one_off_amount` is what is paid once beside them, so what
    recurs has to be covered without it. Regulation 13(1).
    """
    needed = cost_of(plan_lines, Method.DIRECT_PAYMENT)
    paid = sum((part.annual_amount for part in methods if part.method == Method.DIRECT_PAYMENT), NOTHING)
    if needed.annual > paid:
        said = f"£{needed.annual:,.2f} a year (£{needed.weekly:,.2f} a week)"
        return [
            Problem(
                "direct_payment_amount",
                f"The plan buys services for {said} with a direct payment of £{paid:,.2f} a year "
                f"(£{a_week_of(paid):,.2f} a week). Raise the direct payment or change the plan: it must cover the "
                f"full cost of each service (regulation 13(1) of the {REGULATIONS})",
            )
        ]
    if needed.first_year > paid + one_off_amount:
        short = needed.first_year - paid - one_off_amount
        return [
            Problem(
                "one_off_amount",
                f"What the plan buys once with the direct payment costs £{needed.one_off:,.2f}, which is £{short:,.2f} "
                "more than there is for it. Raise the one-off amount or change the plan: the direct payment must cover "
                f"the full cost of each service (regulation 13(1) of the {REGULATIONS})",
            )
        ]
    return []
