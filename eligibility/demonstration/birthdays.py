"""The demonstration's birthdays to review, and two records of one person that wait to be merged.

Dates are counted from today, so that there is always something near. Safe to run again: who is there by their NHS
number, and the record without one by its name, is not made again.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eligibility.models import Referral
from eligibility.services.referrals import accept_referral, submit_referral
from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, Person, User
from phb_register.rules import months_after
from phb_register.services.merges import propose_merge
from phb_register.services.people import register_person

_KEYS = uuid.UUID("9b5f9a0e-0a53-4c0c-8d07-6a5a2d1f2c69")
_COMMISSIONER = "QK1"
_NURSE, _TEAM = "nurse@llr.example.nhs.uk", "team@llr.example.nhs.uk"


@dataclass(frozen=True)
class _Planned:
    """Somebody whose ``age`` th birthday is ``months`` from today (before today where it is negative)."""

    nhs_number: str
    given_name: str
    family_name: str
    age: int
    months: int
    cohort: str
    facts: dict[str, Any]


_PEOPLE = (
    _Planned("9990900019", "Testine", "Dotterel", 16, 3, "continuing-care", {"continuing_care": "eligible"}),
    _Planned("9990900027", "Drafton", "Dotterel", 16, -1, "continuing-care", {"continuing_care": "eligible"}),
    _Planned("9990900035", "Simula", "Phalarope", 18, 4, "continuing-care", {"continuing_care": "eligible"}),
    _Planned("9990900043", "Protor", "Garganey", 25, 5, "ehc-plan", {"ehc_plan": True}),
)
_NUMBER_OF_BOTH = "9990900051"


def load(progress: Callable[[int, int], None]) -> None:
    """Register and refer those who are not there yet, and propose the merge."""
    nurse, team = User.objects.get(email=_NURSE), User.objects.get(email=_TEAM)
    icb = Commissioner.objects.get(code=_COMMISSIONER)
    for done, planned in enumerate(_PEOPLE, start=1):
        _refer(planned, icb, nurse, team)
        progress(done, len(_PEOPLE) + 1)
    _two_records(icb, nurse, team)
    progress(len(_PEOPLE) + 1, len(_PEOPLE) + 1)


def _refer(planned: _Planned, icb: Commissioner, nurse: User, team: User) -> None:
    birthday = months_after(clock.today(), planned.months)
    person, is_new = register_person(
        commissioner=icb,
        by=nurse,
        family_name=planned.family_name,
        given_name=planned.given_name,
        born_on=months_after(birthday, -12 * planned.age),
        nhs_number=planned.nhs_number,
    )
    if not is_new:
        return
    received_on = clock.today() - dt.timedelta(days=120)
    referral = _submit(person, icb, nurse, received_on, planned.facts)
    accept_referral(
        referral=referral,
        cohort=Cohort.objects.get(code=planned.cohort),
        by=team,
        on=received_on + dt.timedelta(days=9),
        note="As the assessment says",
    )


def _submit(person: Person, icb: Commissioner, by: User, received_on: dt.date, facts: dict[str, Any]) -> Referral:
    key = uuid.uuid5(_KEYS, str(person.reference))
    return submit_referral(person=person, commissioner=icb, received_on=received_on, facts=facts, by=by, key=key)


def _two_records(icb: Commissioner, nurse: User, team: User) -> None:
    """One person registered twice: by their NHS number, and again, misspelt, while it was not known."""
    named: dict[str, Any] = {"given_name": "Placida", "born_on": dt.date(1961, 7, 4), "commissioner": icb, "by": nurse}
    kept, is_new = register_person(family_name="Chiffchaff", nhs_number=_NUMBER_OF_BOTH, **named)
    if not is_new:
        return
    double, _ = register_person(family_name="Chifchaff", nhs_number_missing_reason="awaited", **named)
    for days, person in ((40, kept), (12, double)):
        _submit(person, icb, nurse, clock.today() - dt.timedelta(days=days), {"chc": "eligible"})
    propose_merge(
        kept=kept,
        merged=double,
        by=team,
        reason="Same date of birth and address, and the family says that the NHS number is theirs",
    )
