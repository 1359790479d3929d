"""How the money of the PHBs that are shown from plan to review reaches people: arrangements, orders, a stop."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from django.db import transaction

from budgets.enums import AccountKind, CapacityBasis, Method, PayeeKind, StopReason, WheelchairOption
from budgets.models import (
    CourtOrder,
    DirectPaymentArrangement,
    DirectPaymentStop,
    PersonalHealthBudget,
    SupportOrganisation,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules.agreement import DIRECT_PAYMENT_CONSENT_AGE
from budgets.rules.arrangements import Nominee
from budgets.rules.wheelchairs import WHEELCHAIR_COHORT
from budgets.services.arrangements import AccountGiven, PayeeGiven, arrange_direct_payment
from budgets.services.court_orders import record_order
from budgets.services.other_arrangements import arrange_third_party, arrange_wheelchair
from budgets.services.stopping import stop_direct_payment
from phb_register import clock
from phb_register.models import LegalBasis, Representative, User
from phb_register.rules import birthday_on

from .fully_run import COMMISSIONER, fully_run
from .organisations import TEAM

DAY = dt.timedelta(days=1)
#: Places in the list of direct payments: one with a nominee, one by card, one managed, one without its account yet.
NOMINEE, CARD, MANAGED, WAITING = 2, 4, 6, 11
CONTRIBUTION = Decimal("450.00")


def load(progress: Callable[[int, int], None]) -> None:
    """Arrange what is not arranged yet; a second run changes nothing."""
    today, by = clock.today(), User.objects.get(email=TEAM)
    steps: list[Callable[[], None]] = [partial(_pay, phb, place, by) for place, phb in enumerate(_paid(today))]
    steps += [partial(_hold, phb, place, by) for place, phb in enumerate(_held(today))]
    steps += [partial(each, today, by) for each in (_wheelchairs, _orders, _stop)]
    for done, step in enumerate(steps, start=1):
        with transaction.atomic():
            step()
        progress(done, len(steps))


def _paid(today: dt.date) -> list[PersonalHealthBudget]:
    return fully_run(Method.DIRECT_PAYMENT, today)


def _held(today: dt.date) -> list[PersonalHealthBudget]:
    return [phb for phb in fully_run(Method.THIRD_PARTY, today) if phb.cohort.code != WHEELCHAIR_COHORT]


def _pay(phb: PersonalHealthBudget, place: int, by: User) -> None:
    """A direct payment, from the day the PHB started or its holder turned 16."""
    if phb.started_on is None or DirectPaymentArrangement.objects.filter(phb=phb).exists():
        return
    sixteen = birthday_on(phb.person.born_on, DIRECT_PAYMENT_CONSENT_AGE)
    starts_on = sixteen if phb.started_on < sixteen <= clock.today() else phb.started_on
    account = None if place == WAITING else _account(phb, place, starts_on)
    given = _payee(phb, place, starts_on)
    if given is not None:
        arrange_direct_payment(phb=phb, by=by, starts_on=starts_on, given=given, account=account)


def _payee(phb: PersonalHealthBudget, place: int, starts_on: dt.date) -> PayeeGiven | None:
    if phb.person.age_on(starts_on) < DIRECT_PAYMENT_CONSENT_AGE:
        acting = Representative.objects.acting_on(starts_on).filter(person=phb.person)
        parent = acting.exclude(legal_basis=LegalBasis.NOMINEE).first()
        if parent is None:
            return None
        return PayeeGiven(
            PayeeKind.REPRESENTATIVE, CapacityBasis.CHILD, representative=parent, consent_given_on=starts_on
        )
    if place != NOMINEE:
        return PayeeGiven(PayeeKind.PATIENT, CapacityBasis.PRESUMED, consent_given_on=starts_on)
    nominee = Nominee(
        name=f"Nomina {phb.person.family_name}",
        relationship="Neighbour",
        is_close=False,
        nominated_on=starts_on,
        agreed_on=starts_on,
        commissioner_agreed_on=starts_on,
        dbs_seen_on=starts_on,
    )
    return PayeeGiven(PayeeKind.NOMINEE, CapacityBasis.PRESUMED, consent_given_on=starts_on, nominee=nominee)


def _account(phb: PersonalHealthBudget, place: int, approved_on: dt.date) -> AccountGiven:
    kinds = {CARD: AccountKind.PREPAID_CARD, MANAGED: AccountKind.MANAGED}
    holder = SupportOrganisation.objects.filter(name="Lapwing Managed Accounts").first() if place == MANAGED else None
    return AccountGiven(
        kind=kinds.get(place, AccountKind.DEDICATED),
        last_four=f"{4000 + place * 37:04d}",
        names=(phb.person.display_name,),
        payee_reference=f"P{7000 + place}",
        approved_on=approved_on,
        holder=holder,
    )


def _hold(phb: PersonalHealthBudget, place: int, by: User) -> None:
    """A third party that holds the money."""
    funds = SupportOrganisation.objects.filter(name__in=("Wren House Funds", "Curlew Individual Funds")).order_by(
        "name"
    )
    if phb.started_on is None or not funds or ThirdPartyArrangement.objects.filter(phb=phb).exists():
        return
    arrange_third_party(
        phb=phb, by=by, organisation=funds[place % len(funds)], starts_on=phb.started_on, agreed_on=phb.started_on
    )


def _wheelchairs(today: dt.date, by: User) -> None:
    """Two wheelchairs: one whose period ends soon, one that its holder adds money to."""
    rows = PersonalHealthBudget.objects.in_place_on(today).filter(
        commissioner__code=COMMISSIONER, cohort__code=WHEELCHAIR_COHORT
    )
    for place, phb in enumerate(
        rows.select_related("person", "commissioner", "cohort").order_by("agreed_on", "pk")[:2]
    ):
        if phb.started_on is None or WheelchairArrangement.objects.filter(phb=phb).exists():
            continue
        if place == 0:
            arrange_wheelchair(
                phb=phb,
                by=by,
                option=WheelchairOption.NOTIONAL,
                starts_on=phb.started_on,
                expires_on=max(today + 60 * DAY, phb.started_on + DAY),
            )
        else:
            arrange_wheelchair(
                phb=phb,
                by=by,
                option=WheelchairOption.CONTRIBUTION,
                starts_on=phb.started_on,
                contribution_amount=CONTRIBUTION,
            )


def _orders(today: dt.date, by: User) -> None:
    """Two orders: one that ended before its holder's direct payment, one in force on a notional budget."""
    paid, notional = _paid(today), fully_run(Method.NOTIONAL, today)
    adults = [phb for phb in paid if phb.started_on and phb.person.age_on(phb.started_on) >= 20]
    if adults and adults[-1].started_on and not _has_order("alcohol_treatment"):
        ended_on = adults[-1].started_on - 30 * DAY
        record_order(
            person=adults[-1].person,
            by=by,
            kind="alcohol_treatment",
            first_day=ended_on - 365 * DAY,
            last_day=ended_on,
            evidence_seen_on=ended_on - 360 * DAY,
        )
    grown = [phb for phb in notional if phb.person.age_on(today) >= 20]
    if grown and not _has_order("drug_rehabilitation"):
        record_order(
            person=grown[0].person,
            by=by,
            kind="drug_rehabilitation",
            first_day=today - 60 * DAY,
            last_day=today + 300 * DAY,
            evidence_seen_on=today - 50 * DAY,
        )


def _has_order(kind: str) -> bool:
    return CourtOrder.objects.filter(kind=kind, person__commissioner__code=COMMISSIONER).exists()


def _stop(today: dt.date, by: User) -> None:
    """One direct payment stopped because the person withdrew consent; of none of those that are shown whole."""
    if DirectPaymentStop.objects.filter(phb__commissioner__code=COMMISSIONER).exists():
        return
    rows = PersonalHealthBudget.objects.in_place_on(today).with_method_on(Method.DIRECT_PAYMENT, today)
    adults = rows.of_adults_on(today).filter(commissioner__code=COMMISSIONER)
    # The latest agreed: it does not move into the earliest of another method, which are shown whole as well.
    latest = adults.order_by("-agreed_on", "-pk")
    shown = {each.pk for each in _paid(today)}
    phb = next((each for each in latest[: len(shown) + 1] if each.pk not in shown), None)
    if phb is None or phb.started_on is None:
        return
    began_on = max(part.starts_on for part in phb.method_parts.all())
    stops_on = max(began_on, today - 14 * DAY)
    stop_direct_payment(
        phb=phb,
        by=by,
        reason=StopReason.CONSENT_WITHDRAWN,
        stops_on=stops_on,
        notice_given_on=stops_on,
        explanation="You told us that you no longer want to receive the money yourself.",
        instead=Method.NOTIONAL,
    )
