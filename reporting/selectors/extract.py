"""The record-level extract: every method of every budget in place in a period, a row each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from budgets.enums import Funder
from budgets.models import FundingShare, MethodPart
from eligibility.models import Decision, Screening
from eligibility.rules.outcomes import Outcome
from phb_register.tables import batched
from reporting.selectors.scope import Counted

_FIELDS = (
    "phb_id",
    "phb__reference",
    "phb__person__nhs_number",
    "phb__commissioner__code",
    "phb__commissioner__name",
    "phb__cohort__code",
    "phb__is_fast_track",
    "phb__is_one_off",
    "phb__lives_in",
    "phb__agreed_on",
    "phb__started_on",
    "phb__ended_on",
    "phb__end_reason",
    "phb__annual_amount",
    "phb__previous_annual_amount",
    "method",
    "starts_on",
    "ends_on",
    "annual_amount",
    "has_right",
    "screened",
)


@dataclass(slots=True)
class ExtractRow:
    """One method of one budget; its fields are in the order of `_FIELDS`, the NHS share in per cent comes after."""

    phb_id: int
    reference: Any
    nhs_number: str | None
    commissioner_code: str
    commissioner_name: str
    cohort_code: str
    is_fast_track: bool
    is_one_off: bool
    lives_in: str
    agreed_on: dt.date
    started_on: dt.date
    ended_on: dt.date | None
    end_reason: str
    budget_amount: Decimal
    previous_amount: Decimal | None
    method: str
    method_starts_on: dt.date
    method_ends_on: dt.date | None
    method_amount: Decimal
    has_right: bool | None
    screened: str | None
    nhs_percent: Decimal

    @property
    def basis(self) -> str:
        """On what the budget rests: a right in law, the local offer, or the commissioner's discretion."""
        if self.has_right:
            return "Legal right"
        if not self.screened:
            return "Not recorded"
        outcome = Outcome(self.screened)
        if outcome.is_legal_right:
            return "Legal right"
        return "Local offer" if outcome == Outcome.MAY_REQUEST else "Discretionary"


def extract_of(scope: Counted, first_on: dt.date, *, cohort: str = "", method: str = "") -> QuerySet[MethodPart, Any]:
    """The methods in force on a day or more from `first_on` to the as-at date, of budgets in place then."""
    last_on = scope.as_at
    in_place = Q(phb__ended_on__isnull=True) | Q(phb__ended_on__gt=Greatest(Value(first_on), "phb__started_on"))
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gt=Greatest(Value(first_on), "starts_on"))
    rows = MethodPart.objects.filter(in_place, in_force, phb__started_on__lte=last_on, starts_on__lte=last_on)
    if not scope.commissioner.is_nation:
        rows = rows.filter(phb__commissioner__in=sorted(scope.ids))
    if cohort:
        rows = rows.filter(phb__cohort__code=cohort)
    return rows.filter(method=method) if method else rows


def extract_rows(rows: QuerySet[MethodPart, Any], size: int, last_on: dt.date) -> Iterator[ExtractRow]:
    """Each row in the order of the budgets, `size` of them read at a time: two reads a batch."""
    decisions = Decision.objects.filter(referral=OuterRef("phb__referral")).order_by("-number")
    screenings = Screening.objects.filter(referral=OuterRef("phb__referral")).order_by("-pk")
    told = rows.annotate(
        has_right=Subquery(decisions.values("is_right_to_have")[:1]),
        screened=Subquery(screenings.values("outcome")[:1]),
    ).order_by("phb_id", "starts_on", "pk")
    for batch in batched(told.values_list(*_FIELDS).iterator(chunk_size=size), size):
        shares = FundingShare.objects.in_force_on(last_on).filter(phb__in={values[0] for values in batch})
        percent: dict[int, Decimal] = defaultdict(Decimal)
        for phb, part in shares.filter(funder=Funder.NHS).order_by().values_list("phb", "percent"):
            percent[phb] += part
        for values in batch:
            fields: tuple[Any, ...] = (*values, percent[values[0]])
            yield ExtractRow(*fields)
