"""The figures of money of a financial year, read in one pass: of a commissioner by cohort and method, and of a PHB."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from budgets.enums import Method
from budgets.models import (
    AgreedBudget,
    LedgerEntry,
    MethodPart,
    Offset,
    PaymentSchedule,
    PersonalHealthBudget,
    PersonalHealthBudgetQuerySet,
)
from budgets.payment_enums import Frequency, LedgerKind
from budgets.rules import money
from budgets.rules.instalments import Basis
from budgets.rules.money import Money, Saving
from budgets.rules.offsets import OffsetStatus
from offers.models import Cohort
from phb_register import clock
from phb_register.dates import ONE_DAY, FinancialYear, financial_year, last_month_end
from phb_register.disclosure import Profile
from phb_register.models import Commissioner
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.settings import profile_of

from .money_statements import BY_COHORT_AND_METHOD, OF_BUDGETS

#: The first financial year in which there could be a personal health budget by right.
FIRST_YEAR = 2014
FIGURES = len(money.CONTRIBUTING)


@dataclass(frozen=True)
class Period:
    """A financial year as it stands at the end of `as_at`: today, or its last day once it is over."""

    year: FinancialYear
    as_at: dt.date

    def params(self, scope: Iterable[int]) -> dict[str, Any]:
        """What the statements are given."""
        first, following = self.year.start, self.year.end + ONE_DAY
        return {
            "scope": sorted(scope),
            "first": first,
            "next": following,
            "days": (following - first).days,
            "year": self.year.begins,
            "as_at": self.as_at,
        }


def period_of(begins: int, today: dt.date) -> Period:
    """The financial year that begins in a calendar year, as far as it has come."""
    year = FinancialYear(begins)
    return Period(year, min(year.end, today))


def years_to_choose(today: dt.date) -> list[FinancialYear]:
    """Every financial year there are figures of, the present one first."""
    return [FinancialYear(begins) for begins in range(financial_year(today).begins, FIRST_YEAR - 1, -1)]


@dataclass(frozen=True)
class Cell:
    """The figures of one cohort and method: of all funders, of the NHS, and how many PHBs each is made of.

    `behind` says also of how many PHBs others than the NHS pay a part.
    """

    whole: Money
    nhs: Money
    behind: dict[str, int]


@dataclass(frozen=True)
class Glance:
    """A commissioner's money in a financial year. Cohorts by their ids, methods by their codes."""

    commissioner: Commissioner
    period: Period
    ids: frozenset[int]
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    savings: dict[int, Saving] = field(default_factory=dict)
    budgets: dict[int, int] = field(default_factory=dict)


def counted_in(commissioner: Commissioner, period: Period) -> frozenset[int]:
    """The bodies whose budgets count for a commissioner or partnership at the end of the period."""
    return counted_ids([commissioner.pk], period.as_at)


def may_see_budgets(user: Any, commissioner: Commissioner, ids: Collection[int]) -> bool:
    """Whether the user may see every person behind the figures; others get them under disclosure control."""
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return commissioner.pk in allowed and allowed.issuperset(ids)


def profile_for(user: Any, commissioner: Commissioner) -> Profile | None:
    """Which numbers are hidden from the user; None for whoever may see every person behind the figures."""
    ids = counted_ids([commissioner.pk], clock.today())
    return None if may_see_budgets(user, commissioner, ids) else profile_of(commissioner)


def last_day_for(profile: Profile | None) -> dt.date:
    """The last day whose figures a reader is shown: today; to others whole months, or one day's money told of one."""
    return clock.today() if profile is None else last_month_end(clock.today())


def glance_of(commissioner: Commissioner, period: Period) -> Glance:
    """All figures of a commissioner by cohort and method, and what its budgets replaced. One statement."""
    ids = counted_in(commissioner, period)
    found = Glance(commissioner, period, ids)
    for row in _rows(BY_COHORT_AND_METHOD, period.params(ids)):
        cohort, method = row[0], row[1]
        if method is None:
            replaced, forecast, budgets, unknown, in_place = row[-5:]
            found.savings[cohort] = Saving(Decimal(replaced), Decimal(forecast), int(budgets), int(unknown))
            found.budgets[cohort] = int(in_place)
        else:
            amounts, behind = row[2 : 2 + 2 * FIGURES], row[2 + 2 * FIGURES : 3 + 3 * FIGURES]
            counts = dict(zip((*money.CONTRIBUTING, money.JOINTLY), map(int, behind), strict=True))
            found.cells[cohort, method] = Cell(*_two(amounts), counts)
    return found


def cohorts_in(glance: Glance) -> list[Cohort]:
    """The cohorts that have figures, in the order of lists."""
    return list(Cohort.objects.filter(pk__in={key[0] for key in glance.cells} | set(glance.savings)))


def money_of(phb_ids: Iterable[int], period: Period) -> dict[int, dict[str, tuple[Money, Money]]]:
    """Of each PHB and method: the figures of all funders and of the NHS. Those without any are left out."""
    found: dict[int, dict[str, tuple[Money, Money]]] = {}
    for phb_id, method, *amounts in _rows(OF_BUDGETS, period.params(phb_ids)):
        found.setdefault(phb_id, {})[method] = _two(amounts)
    return found


def _two(amounts: Any) -> tuple[Money, Money]:
    """The figures of all funders and of the NHS, which stand in turns."""
    return Money(*amounts[0::2]), Money(*amounts[1::2])


def _rows(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def budgets_behind(
    ids: Collection[int], period: Period, *, cohort: Cohort | None = None, method: str = ""
) -> PersonalHealthBudgetQuerySet:
    """The PHBs that the figures are made of: in place in the year, with money in its ledger, or to be set off in it."""
    year = period.year
    entries = LedgerEntry.objects.filter(phb=OuterRef("pk"), financial_year=year.begins, entered_on__lte=period.as_at)
    parts = MethodPart.objects.filter(phb=OuterRef("pk"), starts_on__lte=year.end).filter(
        Q(ends_on__isnull=True) | (Q(ends_on__gt=year.start) & Q(ends_on__gt=F("starts_on")))
    )
    offsets = Offset.objects.filter(
        phb=OuterRef("pk"), status=OffsetStatus.APPROVED, pays_on__gte=year.start, pays_on__lte=year.end
    )
    agreed = AgreedBudget.objects.filter(phb=OuterRef("pk"), one_off_amount__gt=0)
    rows = PersonalHealthBudget.objects.filter(commissioner__in=ids)
    in_place = Q(started_on__lte=year.end) & (
        Q(ended_on__isnull=True) | (Q(ended_on__gt=year.start) & Q(ended_on__gt=F("started_on")))
    )
    if cohort is not None:
        rows = rows.filter(cohort=cohort)
    if method:
        entries, parts = entries.filter(method=method), parts.filter(method=method)
        offsets = offsets.filter(method=method)
        in_place &= Exists(parts) | Exists(agreed.filter(one_off_method=method))
    return rows.filter(in_place | Exists(entries) | Exists(offsets))


@dataclass(frozen=True)
class Month:
    """The end of a month, or the as-at date in it: budget and paid from 1 April until then, in pounds."""

    on: dt.date
    budget: Decimal
    paid: Decimal | None


def months_of(phb: PersonalHealthBudget, period: Period) -> list[Month]:
    """The budget of a PHB month by month until the year ends, and what was paid until the as-at date."""
    pieces, monthly = pieces_of(phb, period.year), monthly_methods(phb, period.year)
    entries = list(
        LedgerEntry.objects.filter(phb=phb, financial_year=period.year.begins, entered_on__lte=period.as_at)
        .exclude(Q(kind__in=_CAME_BACK) | Q(reverses__kind__in=_CAME_BACK))
        .values_list("entered_on", "amount")
    )
    return [
        Month(
            last,
            money.accrued(pieces, period.year, last, monthly),
            sum((amount for day, amount in entries if day <= last), Decimal(0)) if first <= period.as_at else None,
        )
        for first, last in money.months_in(period.year)
    ]


_CAME_BACK = (LedgerKind.RECOVERY, LedgerKind.CONTRIBUTION)


def monthly_methods(phb: PersonalHealthBudget, year: FinancialYear) -> frozenset[str]:
    """The methods that accrue by the month in a year: those whose latest schedule by its end pays by the month."""
    schedules = PaymentSchedule.objects.filter(phb=phb).exclude(frequency=Frequency.ONE_OFF)
    found: dict[str, list[tuple[dt.date, Frequency]]] = {}
    for method, starts_on, frequency in schedules.values_list("method", "starts_on", "frequency"):
        found.setdefault(method, []).append((starts_on, Frequency(frequency)))
    return frozenset(method for method, each in found.items() if Basis.of(each).is_monthly(year.begins))


def pieces_of(phb: PersonalHealthBudget, year: FinancialYear) -> list[money.Piece]:
    """What is agreed for a PHB in a financial year, by the day and once."""
    following = year.end + ONE_DAY
    if phb.started_on is None or phb.started_on >= following or phb.ended_on in (phb.started_on,):
        return []
    first, until = max(phb.started_on, year.start), min(phb.ended_on or following, following)
    pieces = []
    for part in phb.method_parts.all():
        begins, ends = max(part.starts_on, first), min(part.ends_on or until, until)
        if phb.is_one_off:
            if phb.started_on >= year.start and part.starts_on < until and (part.ends_on or until) >= until:
                pieces.append(money.Piece(part.method, part.annual_amount, phb.started_on, None))
        elif begins < ends:
            pieces.append(money.Piece(part.method, part.annual_amount, begins, ends))
    agreed = sorted(phb.agreed_budgets.all(), key=lambda each: each.number)
    for place, each in enumerate(agreed):
        day = max(each.applies_from, phb.started_on)
        overtaken = any(later.applies_from <= day for later in agreed[place + 1 :])
        if each.one_off_amount and year.start <= day < until and not overtaken:
            pieces.append(money.Piece(each.one_off_method, each.one_off_amount, day, None))
    return pieces


METHODS: tuple[str, ...] = tuple(Method.values)
