"""What the services check of the record before they change it."""

import datetime as dt
from collections.abc import Sequence

from budgets.enums import Method
from budgets.exceptions import Problem
from budgets.models import PersonalHealthBudget
from budgets.rules import agreement
from budgets.rules.agreement import MethodAmount
from budgets.rules.court_orders import not_possible, orders_on, prohibition
from budgets.rules.payability import Screened, is_excluded, refusal
from budgets.selectors.payability import orders_of, refused_on
from eligibility.models import Referral
from eligibility.rules.outcomes import DirectPayment
from eligibility.selectors.referrals import accepted_on, latest_screening
from offers.models import Cohort
from phb_register import clock, scope
from phb_register.models import Commissioner, LegalBasis, Person, Representative, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import accountable_on


def check_accountable(commissioner: Commissioner, agreed_on: dt.date) -> list[Problem]:
    """No PHB is agreed by a body that did not exist on the day (no new one for a CCG after 30 June 2022)."""
    if commissioner.is_open_on(agreed_on):
        return []
    return [
        Problem(
            "agreed_on",
            f"Enter an agreed date on which {commissioner.name} existed, {agreement.day(agreed_on)} is not one",
        )
    ]


def check_responsible(referral: Referral, person: Person, agreed_on: dt.date) -> list[Problem]:
    """No PHB is agreed for somebody who has moved to another commissioner; those that follow each other are one."""
    if accountable_on(person.commissioner, agreed_on) == accountable_on(referral.commissioner, agreed_on):
        return []
    return [
        Problem(
            "",
            f"{person.commissioner} is responsible for this person now. Their budget is agreed there, from a referral "
            "there",
        )
    ]


def check_no_overlap(person: Person, cohort: Cohort, *, field: str, first_day: dt.date) -> list[Problem]:
    """One PHB of a person in a cohort at a time. The database's own exclusion stands behind this."""
    others = PersonalHealthBudget.objects.filter(person=person, cohort=cohort).exclude(ended_on__lte=first_day)
    other = others.newest_first().first()
    if other is None:
        return []
    if other.ended_on is None:
        remedy = "End it first"
    else:
        remedy = f"Enter a date on or after {agreement.day(other.ended_on)}, when it ended"
    return [
        Problem(
            field,
            "This person already has a personal health budget in this cohort, agreed on "
            f"{agreement.day(other.agreed_on)}. {remedy}",
        )
    ]


def check_new_budget(
    referral: Referral,
    person: Person,
    commissioner: Commissioner,
    *,
    agreed_on: dt.date,
    first_day: dt.date | None = None,
) -> list[Problem]:
    """Whether a PHB may be agreed from an accepted referral on a day, for `commissioner` as accountable body.

    `first_day` is when it starts, where that is known.
    """
    accepted = accepted_on(referral)
    # An accepted referral has both: referral_cohort_once_accepted, and no way to the status but by a decision.
    assert referral.cohort is not None  # noqa: S101
    assert accepted is not None  # noqa: S101
    return [
        *agreement.check_agreed_on(agreed_on, accepted_on=accepted, today=clock.today()),
        *check_accountable(commissioner, agreed_on),
        *check_responsible(referral, person, agreed_on),
        *check_no_overlap(
            person,
            referral.cohort,
            field="agreed_on" if first_day is None else "started_on",
            first_day=first_day or agreed_on,
        ),
    ]


def check_direct_payment(
    referral: Referral,
    person: Person,
    methods: Sequence[MethodAmount],
    day: dt.date,
    *,
    is_free_of_orders: bool,
    by: User | None = None,
) -> list[Problem]:
    """Whether the person may have a direct payment from `day`, where the methods hold one (2013 Regulations).

    The same rules as before each payment (`rules.payability`): court orders on the day, a refusal that stands. Where
    no order is dated the latest screening counts. `is_free_of_orders` is the user's word that none of the orders in
    the Schedule stands against it; it is asked for only where the screening left that open. Which order it is, `by`
    reads only with VIEW_ORDERS.
    """
    if Method.DIRECT_PAYMENT not in [part.method for part in methods]:
        return []
    refused = refusal(refused_on(referral), "methods")
    if refused:
        return refused
    orders = orders_of(person)
    in_force = orders_on(orders, day)
    may_know = by is not None and scope.can(by, Permission.VIEW_ORDERS, person.commissioner)
    if in_force:
        return [prohibition(in_force[0])] if may_know else [not_possible()]
    screening = latest_screening(referral)
    answer = screening.answer["direct_payment"]["permission"] if screening else None
    # The order that the screening found is dated by now, and is over.
    is_over = (
        screening is not None
        and answer == DirectPayment.EXCLUDED
        and not is_excluded(orders, Screened(is_excluded=True, assessed_on=screening.assessed_on), day)
    )
    is_excluded_by_screening = answer == DirectPayment.EXCLUDED and not is_over
    if is_excluded_by_screening and not may_know:
        return [not_possible()]
    # A nominee (regulation 6) is chosen by somebody who can consent, so is no representative for who cannot.
    acting = Representative.objects.acting_on(day).filter(person=person).exclude(legal_basis=LegalBasis.NOMINEE)
    return agreement.check_direct_payment(
        agreement.DirectPaymentFacts(
            starts_on=day,
            age=person.age_on(day),
            is_excluded=is_excluded_by_screening,
            is_known_not_excluded=is_free_of_orders
            or is_over
            or answer in (DirectPayment.PERMITTED, DirectPayment.NEEDS_REPRESENTATIVE),
            # Screened as a child, a person needed somebody for that reason alone, and at 16 no longer does.
            lacks_capacity=screening is not None
            and answer == DirectPayment.NEEDS_REPRESENTATIVE
            and person.age_on(screening.assessed_on) >= agreement.DIRECT_PAYMENT_CONSENT_AGE,
            has_representative=acting.exists(),
        )
    )
