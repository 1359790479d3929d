"""The demonstration's resource implications: para 22 in force from next April, tried on everybody there is.

Some children and young people were referred last year of whom para 22 speaks, so that the version changes something.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eligibility.demonstration.rule_sets import CODE, TEAM
from eligibility.enums import ReasonCode
from eligibility.models import ResourceImplications, RuleSetVersion
from eligibility.reference import nothing_known_to_help
from eligibility.selectors.resource_implications import default_as_at, default_period
from eligibility.services.referrals import decline_referral, submit_referral
from eligibility.services.resource_implications import ask_for_resource_implications
from phb_register import clock, jobs
from phb_register.models import Commissioner, User
from phb_register.services.people import register_person

_KEYS = uuid.UUID("3d0f3c0e-6e0b-4a43-9f0c-0d7a5c6f2e11")
NURSE = "nurse@llr.example.nhs.uk"
_PARA_22 = {"autism": True, "under_paediatrician": True, "high_level_domains": 2}


@dataclass(frozen=True)
class _Planned:
    """Somebody referred last year: what was known of them beyond what helps nobody."""

    nhs_number: str
    given_name: str
    family_name: str
    age: int
    facts: dict[str, Any]


# From 18 the EHC plan no longer helps. Under 18 nothing changes while the local offer's line is only proposed.
_PEOPLE = (
    _Planned("9990901007", "Simulo", "Redshank", 7, _PARA_22),
    _Planned("9990901015", "Protena", "Greenshank", 9, {**_PARA_22, "under_camhs_consultant": True}),
    _Planned(
        "9990901023", "Demolo", "Whimbrel", 12, {**_PARA_22, "learning_disability": True, "high_level_domains": 4}
    ),
    _Planned(
        "9990901031",
        "Imagena",
        "Curlew",
        14,
        {**_PARA_22, "under_paediatrician": False, "under_camhs_consultant": True},
    ),
    _Planned("9990901058", "Testor", "Godwit", 11, _PARA_22),
    _Planned("9990901066", "Mockena", "Knot", 19, {**_PARA_22, "ehc_plan": True}),
    _Planned("9990901074", "Fictor", "Dunlin", 21, {**_PARA_22, "ehc_plan": True, "learning_disability": True}),
    _Planned("9990901082", "Samplena", "Sanderling", 8, {**_PARA_22, "high_level_domains": None}),
    _Planned("9990901090", "Trialo", "Turnstone", 10, {**_PARA_22, "high_level_domains": None}),
)


def load(progress: Callable[[int, int], None]) -> None:
    """Refer those who are not there yet, then ask for the implications and work them out, unless somebody has."""
    version = RuleSetVersion.objects.filter(rule_set__code=CODE, prepared_by__isnull=False).order_by("number").first()
    team = User.objects.filter(email=TEAM).first()
    if version and team and not ResourceImplications.objects.filter(version=version).exists():
        _refer(Commissioner.objects.get(code="QK1"), User.objects.get(email=NURSE), team)
        _work_out(version, team)
    progress(1, 1)


def _refer(commissioner: Commissioner, nurse: User, team: User) -> None:
    start = default_period(clock.today()).start
    for number, planned in enumerate(_PEOPLE):
        person, _ = register_person(
            commissioner=commissioner,
            by=nurse,
            family_name=planned.family_name,
            given_name=planned.given_name,
            born_on=dt.date(start.year - planned.age, 2, 1 + number),
            nhs_number=planned.nhs_number,
        )
        referral = submit_referral(
            person=person,
            commissioner=commissioner,
            received_on=start + dt.timedelta(days=30 * number),
            facts={**nothing_known_to_help(), **planned.facts},
            by=nurse,
            key=uuid.uuid5(_KEYS, str(person.reference)),
        )
        decline_referral(
            referral=referral,
            reason_code=ReasonCode.NOT_YET_OFFERED,
            reasons="The criteria for children with a learning disability or autism are still being considered.",
            by=team,
            on=start + dt.timedelta(days=30 * number + 21),
        )


def _work_out(version: RuleSetVersion, by: User) -> None:
    commissioner = version.rule_set.commissioner
    assert commissioner is not None  # noqa: S101  a version that somebody prepared is a commissioner's own
    period = default_period(clock.today())
    implications = ask_for_resource_implications(
        version=version,
        commissioner=commissioner,
        by=by,
        as_at=default_as_at(version, clock.today()),
        period_from=period.start,
        period_to=period.end,
    )
    jobs.run(implications.job_id)
