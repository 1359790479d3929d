"""Who reads the synthetic England, and the numbers beside its figures."""

import datetime as dt
from dataclasses import dataclass

from offers.models import Cohort
from phb_register.models import Commissioner, Membership, Population, User
from phb_register.roles import Role
from reporting.models import EligiblePopulation, Setting

NATION, BODY = "ENG", "QK1"
SINCE = dt.date(2013, 4, 1)
_DOMAIN = "bench.example.nhs.uk"


@dataclass(frozen=True)
class Readers:
    """An analyst of England, a PHB team for all of England, and one of a single ICB."""

    analyst: User
    everywhere: User
    body: User


def make_readers() -> Readers:
    """The users, who cannot sign in."""
    return Readers(
        analyst=_user("analyst", Role.ANALYST, NATION),
        everywhere=_user("everywhere", Role.PHB_TEAM, NATION),
        body=_user("team", Role.PHB_TEAM, BODY),
    )


def readers() -> Readers:
    """Those that were made."""
    found = {user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith=f"@{_DOMAIN}")}
    return Readers(found["analyst"], found["everywhere"], found["team"])


def make_denominators(people: int, today: dt.date) -> None:
    """The populations and the people eligible of every ICB, in keeping with so many in place."""
    chc = Cohort.objects.get(code="chc")
    counted_on = today - dt.timedelta(days=40)
    bodies = list(Commissioner.objects.bodies().open_on(today))
    each = people // len(bodies)
    Population.objects.bulk_create(
        Population(commissioner=body, basis="registered", counted_on=counted_on, people=each * 300, source="Invented")
        for body in bodies
    )
    EligiblePopulation.objects.bulk_create(
        EligiblePopulation(
            commissioner=body,
            cohort=chc,
            setting=Setting.COMMUNITY,
            counted_on=counted_on,
            people=each * 2,
            fast_track_people=each // 2,
            source="Invented",
        )
        for body in bodies
    )


def _user(name: str, role: Role, code: str) -> User:
    user = User.objects.create_user(f"{name}@{_DOMAIN}", full_name=f"Bench {name}")
    Membership.objects.create(user=user, role=role, commissioner=Commissioner.objects.get(code=code), starts_on=SINCE)
    return user
