"""Reads of arrangements. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from budgets.enums import Method, SupportKind
from budgets.models import (
    AgreedBudget,
    DirectPaymentArrangement,
    DirectPaymentStop,
    MethodPart,
    PersonalHealthBudget,
    SupportOrganisation,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.models.arrangements import Arrangement
from budgets.rules.payability import Payable
from budgets.rules.wheelchairs import WHEELCHAIR_COHORT
from phb_register.dates import financial_year
from phb_register.models import LegalBasis, Representative, User
from phb_register.roles import Permission

from .agreed_budgets import agreed_on
from .payability import direct_payments_made, hindrances
from .support_organisations import organisations_serving

#: How many months before its period ends a wheelchair is on the worklist.
WHEELCHAIR_NOTICE_MONTHS = 3

_Row = TypeVar("_Row", bound=Arrangement)


@dataclass(frozen=True)
class ArrangedNow:
    """What the page of a PHB's arrangements shows: each kind, the latest first, and how the money is managed."""

    phb: PersonalHealthBudget
    methods: list[Method]
    direct_payments: list[DirectPaymentArrangement]
    third_parties: list[ThirdPartyArrangement]
    wheelchairs: list[WheelchairArrangement]
    stops: list[DirectPaymentStop]
    is_wheelchair: bool

    @property
    def direct_payment(self) -> DirectPaymentArrangement | None:
        """The one that goes on."""
        return _open(self.direct_payments)

    @property
    def third_party(self) -> ThirdPartyArrangement | None:
        """The one that goes on."""
        return _open(self.third_parties)

    @property
    def wheelchair(self) -> WheelchairArrangement | None:
        """The one that goes on."""
        return _open(self.wheelchairs)


def _open(rows: list[_Row]) -> _Row | None:
    return next((row for row in rows if row.ends_on is None), None)


def arranged_now(phb: PersonalHealthBudget) -> ArrangedNow:
    """Everything arranged for a PHB. Five reads."""
    paid = DirectPaymentArrangement.objects.filter(phb=phb).select_related(
        "representative", "account_holder", "account_approved_by", "recorded_by", "phb__person"
    )
    held = ThirdPartyArrangement.objects.filter(phb=phb).select_related("organisation", "recorded_by")
    chairs = WheelchairArrangement.objects.filter(phb=phb).select_related("supplier", "recorded_by")
    stops = DirectPaymentStop.objects.filter(phb=phb).select_related("decided_by")
    methods = [Method(part.method) for part in phb.method_parts.all() if part.ends_on is None]
    is_wheelchair = phb.cohort.code == WHEELCHAIR_COHORT
    return ArrangedNow(phb, methods, list(paid), list(held), list(chairs), list(stops), is_wheelchair)


def latest_arrangement(kind: Any, phb: PersonalHealthBudget) -> Any:
    """The arrangement of a kind that begins last, whether it ended or not."""
    return kind.objects.filter(phb=phb).order_by("-starts_on", "-pk").first()


def arrangement_on(phb: PersonalHealthBudget, method: Method, day: dt.date) -> Arrangement | None:
    """The arrangement behind a method of a PHB in force on a day; None for a notional part, or where there is none."""
    kinds: dict[Method, Any] = {
        Method.DIRECT_PAYMENT: DirectPaymentArrangement,
        Method.THIRD_PARTY: ThirdPartyArrangement,
    }
    if method not in kinds:
        return None
    found: Arrangement | None = kinds[method].objects.filter(phb=phb).in_force_on(day).first()
    return found


def arrangement_for(user: User, kind: Any, reference: uuid.UUID) -> Any:
    """One arrangement of a kind that the user may manage."""
    rows = kind.objects.visible_to(user, Permission.MANAGE_BUDGETS).filter(reference=reference)
    return rows.select_related("phb__person__commissioner", "phb__commissioner", "phb__cohort").first()


def acting_for(phb: PersonalHealthBudget) -> QuerySet[Representative]:
    """Those who may consent for the person of a PHB: recorded with a right other than a nomination."""
    return Representative.objects.filter(person=phb.person).exclude(legal_basis=LegalBasis.NOMINEE)


def third_parties_for(phb: PersonalHealthBudget, on: dt.date) -> list[SupportOrganisation]:
    """The organisations that may hold the money of a PHB as a third party."""
    return list(organisations_serving(phb.commissioner, on, SupportKind.THIRD_PARTY))


def organisations_for(phb: PersonalHealthBudget, on: dt.date) -> list[SupportOrganisation]:
    """Every organisation that may serve the people of a PHB's commissioner."""
    return list(organisations_serving(phb.commissioner, on))


def missing_for(phb: PersonalHealthBudget, method: Method, on: dt.date) -> dict[str, list[str]]:
    """What still stands before a payment by a method on a day, in words, by the code of the rule."""
    found: dict[str, list[str]] = {}
    payable = Payable(phb.pk, method, on)
    for problem in hindrances([payable])[payable]:
        found.setdefault(problem.field, []).append(problem.message)
    return found


def one_off_amount(phb: PersonalHealthBudget, day: dt.date) -> Decimal | None:
    """What a one-off direct payment of a PHB pays, in pounds: all of a one-off PHB, or the part that is paid once."""
    agreed = agreed_on(phb, day)
    if phb.is_one_off or agreed is None:
        return phb.annual_amount
    return agreed.one_off_amount if agreed.one_off_method == Method.DIRECT_PAYMENT else None


def other_direct_payments(phb: PersonalHealthBudget, day: dt.date) -> int:
    """The person's direct payments beside a one-off of this PHB, in the financial year of a day.

    Those made, and those that go on: a part with money every year is not a one-off. This PHB's own part is none
    where it pays once.
    """
    year = financial_year(day)
    parts = MethodPart.objects.filter(phb__person=phb.person, method=Method.DIRECT_PAYMENT, annual_amount__gt=0)
    parts = parts.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=year.start), starts_on__lte=year.end)
    if phb.is_one_off:
        parts = parts.exclude(phb=phb)
    made = [paid_on for _, paid_on in direct_payments_made([phb.person_id]) if paid_on in year]
    return parts.count() + len(made)


def not_arranged(user: User, today: dt.date, limit: int | None) -> QuerySet[MethodPart]:
    """Parts that are in force and go to somebody, without an arrangement in force: the longest first.

    Only of budgets that an approved proposal confirmed: of the others nothing is paid, so nothing is missing yet.
    """
    confirmed = AgreedBudget.objects.filter(proposal__isnull=False).values("phb")
    budgets = PersonalHealthBudget.objects.visible_to(user, Permission.MANAGE_BUDGETS).in_place_on(today)
    parts = MethodPart.objects.in_force_on(today).filter(phb__in=budgets.filter(pk__in=confirmed), annual_amount__gt=0)
    paid = DirectPaymentArrangement.objects.filter(phb=OuterRef("phb")).in_force_on(today)
    held = ThirdPartyArrangement.objects.filter(phb=OuterRef("phb")).in_force_on(today)
    chairs = WheelchairArrangement.objects.filter(phb=OuterRef("phb"), supplier__isnull=False).in_force_on(today)
    unpaid = Q(method=Method.DIRECT_PAYMENT) & ~Exists(paid)
    unheld = Q(method=Method.THIRD_PARTY) & ~Exists(held) & ~Exists(chairs)
    rows = parts.filter(unpaid | unheld).select_related("phb__person", "phb__cohort").order_by("starts_on", "pk")
    return rows[:limit] if limit else rows


def wheelchairs_expiring(user: User, until: dt.date, limit: int | None) -> QuerySet[WheelchairArrangement]:
    """Wheelchairs in use whose period ends by a day, the first to end first."""
    rows = WheelchairArrangement.objects.visible_to(user, Permission.MANAGE_BUDGETS)
    rows = rows.filter(ends_on__isnull=True, expires_on__lte=until, phb__ended_on__isnull=True)
    rows = rows.select_related("phb__person", "phb__cohort").order_by("expires_on", "pk")
    return rows[:limit] if limit else rows


def nominations_withdrawn(user: User, limit: int | None) -> QuerySet[DirectPaymentArrangement]:
    """Arrangements whose nominee fell away and that nothing took the place of, the longest waiting first."""
    rows = DirectPaymentArrangement.objects.visible_to(user, Permission.MANAGE_BUDGETS)
    rows = rows.filter(nomination_withdrawn_on__isnull=False, ends_on__isnull=True, phb__ended_on__isnull=True)
    rows = rows.select_related("phb__person", "phb__cohort").order_by("nomination_withdrawn_on", "pk")
    return rows[:limit] if limit else rows


def stopped_unchanged(user: User, today: dt.date, limit: int | None) -> QuerySet[DirectPaymentStop]:
    """Direct payments that have stopped by today and whose money is still managed as one, the longest first."""
    rows = DirectPaymentStop.objects.visible_to(user, Permission.MANAGE_BUDGETS).filter(
        stops_on__lte=today, phb__ended_on__isnull=True
    )
    goes_on = MethodPart.objects.filter(phb=OuterRef("phb"), method=Method.DIRECT_PAYMENT, ends_on__isnull=True)
    rows = rows.filter(Exists(goes_on.filter(starts_on__lte=OuterRef("stops_on"))))
    rows = rows.select_related("phb__person", "phb__cohort").order_by("stops_on", "pk")
    return rows[:limit] if limit else rows


def stop_to_finish(phb: PersonalHealthBudget, today: dt.date) -> DirectPaymentStop | None:
    """The stop of a PHB's direct payment whose day has come while its money is still managed as one."""
    part = phb.method_parts.filter(method=Method.DIRECT_PAYMENT, ends_on__isnull=True).first()
    if part is None:
        return None
    rows = DirectPaymentStop.objects.filter(phb=phb, stops_on__gte=part.starts_on, stops_on__lte=today)
    return rows.order_by("-stops_on").first()
