"""Money the slow way: day by day and payment by payment, in fractions, for the figures that SQL works out at once.

Nothing here is shared with the code it checks. A register is a list of plain stories.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

DAY = dt.timedelta(days=1)
PAID = ("payment", "offset", "repayment")


@dataclass
class Paid:
    """A payment of a run with its entries in the ledger: (kind, amount, day, place of the entry it reverses)."""

    method: str
    first: dt.date
    last: dt.date
    instalment: Decimal
    adjustment: Decimal
    state: str
    is_released: bool
    entries: list[tuple[str, Decimal, dt.date, int | None]] = field(default_factory=list)


@dataclass
class Story:
    """A PHB: parts (method, from, until, pounds a year), agreed once (number, from, pounds, method), NHS shares."""

    cohort: int
    started: dt.date | None
    ended: dt.date | None
    is_one_off: bool
    previous: Decimal | None
    parts: list[tuple[str, dt.date, dt.date | None, Decimal]]
    agreed: list[tuple[int, dt.date, Decimal, str]]
    shares: list[tuple[dt.date, dt.date | None, Decimal]]
    payments: list[Paid] = field(default_factory=list)
    recoveries: list[tuple[str, Decimal, dt.date, bool]] = field(default_factory=list)
    offsets: list[tuple[str, dt.date, Decimal, str]] = field(default_factory=list)
    schedules: list[tuple[str, dt.date, str]] = field(default_factory=list)


def pence(amount: Fraction) -> Decimal:
    """To the penny, halves away from nought."""
    whole, rest = divmod(abs(amount) * 100, 1)
    return Decimal(int(whole) + (rest >= Fraction(1, 2))) / 100 * (1 if amount >= 0 else -1)


def share_on(story: Story, day: dt.date) -> Fraction:
    found = [percent for since, until, percent in story.shares if since <= day and (until is None or day < until)]
    return Fraction(sum(found)) / 100


def in_place(story: Story, day: dt.date) -> bool:
    return story.started is not None and story.started <= day and (story.ended is None or day < story.ended)


def days_of(begins: int) -> list[dt.date]:
    first = dt.date(begins, 4, 1)
    return [first + DAY * n for n in range((dt.date(begins + 1, 4, 1) - first).days)]


def money(story: Story, begins: int, as_at: dt.date) -> dict[str, dict[str, Decimal]]:
    """Of each method: every figure, of all funders and with `_nhs`."""
    found: dict[str, dict[str, Decimal]] = {}
    for method in ("notional", "third_party", "direct_payment"):
        figures = _of_method(story, method, begins, as_at)
        if any(figures.values()):
            found[method] = figures
    return found


def _of_method(story: Story, method: str, begins: int, as_at: dt.date) -> dict[str, Decimal]:
    year = days_of(begins)
    budget, budget_nhs = _budget(story, method, year)
    sums = dict.fromkeys(("paid", "paid_nhs", "recovered", "recovered_nhs", "paid_for", "paid_for_nhs"), Fraction())
    settled, settled_nhs = Fraction(), Fraction()
    for payment in (each for each in story.payments if each.method == method):
        known = [each for each in payment.entries if each[2] <= as_at]
        for _, amount, day, _ in known:
            if day in year:
                sums["paid"] += Fraction(amount)
                sums["paid_nhs"] += Fraction(amount) * share_on(story, day)
        if not known:
            continue
        net = sum((Fraction(amount) for _, amount, _, _ in known), Fraction())
        share = share_on(story, payment.first)
        cost = _within(net, payment, year)
        sums["paid_for"] += cost
        sums["paid_for_nhs"] += cost * share
        if payment.state in ("included", "reversed"):
            due = _within(Fraction(payment.instalment + payment.adjustment), payment, year)
            settled += due
            settled_nhs += due * share
    for _, amount, day, _ in (each for each in story.recoveries if each[0] == method):
        if day in year and day <= as_at:
            sums["recovered"] -= Fraction(amount)
            sums["recovered_nhs"] -= Fraction(amount) * share_on(story, day)
    figures = {name: pence(value) for name, value in sums.items()}
    figures |= {"budget": pence(budget), "budget_nhs": pence(budget_nhs)}
    left = figures["budget"] - pence(settled)
    left_nhs = figures["budget_nhs"] - pence(settled_nhs)
    figures |= {"to_come": max(left, Decimal(0)), "to_come_nhs": max(min(left_nhs, left), Decimal(0))}
    waiting = [each for each in story.offsets if each[0] == method and each[1] in year and each[3] == "approved"]
    figures["offsets"] = sum((each[2] for each in waiting), Decimal(0))
    figures["offsets_nhs"] = pence(sum((Fraction(each[2]) * share_on(story, each[1]) for each in waiting), Fraction()))
    return figures


def _budget(story: Story, method: str, year: list[dt.date]) -> tuple[Fraction, Fraction]:
    whole, nhs = Fraction(), Fraction()
    lived = [day for day in year if in_place(story, day)]
    for day in lived:
        for of, since, until, annual in story.parts:
            if of != method or since > day or (until is not None and until <= day):
                continue
            if not story.is_one_off:
                amount = Fraction(annual) * _worth(story, method, day, year)
            elif day == lived[-1] and story.started in year:
                amount = Fraction(annual)
            else:
                continue
            whole += amount
            nhs += amount * share_on(story, story.started if story.is_one_off else day)
        for number, since, amount, of in story.agreed:
            holds = max(each[0] for each in story.agreed if each[1] <= day or each is story.agreed[0])
            if amount and of == method and holds == number and day == max(since, story.started):
                whole += Fraction(amount)
                nhs += Fraction(amount) * share_on(story, day)
    return whole, nhs


def _worth(story: Story, method: str, day: dt.date, year: list[dt.date]) -> Fraction:
    """A day as a part of the year: of 365 or 366, or of its month where the latest schedule pays by the month."""
    schedules = sorted((since, often) for of, since, often in story.schedules if of == method)
    begun = [often for since, often in schedules if since <= year[-1]]
    last = begun[-1] if begun else schedules[0][1] if schedules else ""
    if last != "monthly":
        return Fraction(1, len(year))
    return Fraction(1, 12 * sum(1 for each in year if each.month == day.month))


def _within(amount: Fraction, payment: Paid, year: list[dt.date]) -> Fraction:
    """What of an amount falls on the days of the year, each day the pennies by which the running total grows."""
    days = [payment.first + DAY * n for n in range((payment.last - payment.first).days + 1)]
    found, before = Decimal(0), Decimal(0)
    for place, day in enumerate(days, start=1):
        running = pence(amount * place / len(days))
        if day in year:
            found += running - before
        before = running
    return Fraction(found)


def replaced(story: Story, begins: int) -> Decimal | None:
    """What the package before would have cost for the days of the year; None where none is known."""
    if story.previous is None or story.is_one_off:
        return None
    year = days_of(begins)
    return pence(sum((Fraction(story.previous) / len(year) for day in year if in_place(story, day)), Fraction()))
