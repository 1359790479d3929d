"""Rule sets and their versions, made through the services as the pages make them."""

import datetime as dt
from typing import Any

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.services.rule_sets import (
    approve_version,
    change_version_details,
    create_rule_set,
    save_cases,
    save_content,
    start_version,
    submit_version,
)
from offers.models import Cohort
from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.eligibility import make_team
from tests.factories.phb_register import UserFactory

AUTISM: dict[str, Any] = {"fact": "autism", "equals": True}
CONTENT: dict[str, Any] = {
    "says": "Autistic people may ask.",
    "readings": [{"id": "R1", "title": "As written", "criteria": AUTISM}],
    "chosen": "R1",
}


def make_approver(commissioner: Commissioner) -> User:
    """Somebody who may approve rule sets and write none."""
    return UserFactory(role=Role.APPROVER, role__commissioner=commissioner)


def make_rule_set(commissioner: Commissioner, *, by: User | None = None, title: str = "Autistic adults") -> RuleSet:
    """A rule set of a commissioner, without versions."""
    return create_rule_set(
        commissioner=commissioner,
        title=title,
        cohort=Cohort.objects.get(code="ld-autism-adult"),
        by=by or make_team(commissioner),
    )


def in_days(days: int) -> dt.date:
    """The day so many days from today."""
    return clock.today() + dt.timedelta(days=days)


def worked_case(commissioner: Commissioner, on: dt.date, *, passes: bool = True) -> dict[str, Any]:
    """A case of somebody who answers no to everything but autism; nothing comes of it without a line on offer."""
    facts = {"born_on": "1990-01-01", "autism": True, "chc": "not_eligible", "chc_fast_track": False}
    return {
        "id": "nothing-on-offer",
        "commissioner": commissioner.code,
        "assessed_on": on.isoformat(),
        "facts": facts,
        "expect": {"outcome": "more_information_needed" if passes else "right_to_have"},
        "why": "",
    }


def make_version(
    rule_set: RuleSet,
    *,
    by: User,
    effective_from: dt.date | None = None,
    effective_to: dt.date | None = None,
    status: str = "in_force",
    content: dict[str, Any] | None = None,
    cases: list[dict[str, Any]] | None = None,
) -> RuleSetVersion:
    """A draft that can be submitted, from tomorrow unless another day is given."""
    starts = effective_from or in_days(1)
    version = start_version(rule_set=rule_set, effective_from=starts, change_note="A first one", by=by)
    version = save_content(version=version, content=content or CONTENT, revision=version.revision, by=by)
    details = {
        "effective_from": starts,
        "effective_to": effective_to,
        "status": status,
        "outcome": "may_request",
        "source": "Paper, para 1",
        "change_note": "A first one",
        "says": (content or CONTENT)["says"],
        "funding_kind": "nhs",
        "funding_text": "",
        "funding_source": "",
    }
    version = change_version_details(version=version, details=details, revision=version.revision, by=by)
    assert rule_set.commissioner
    listed = [worked_case(rule_set.commissioner, starts)] if cases is None else cases
    return save_cases(version=version, cases=listed, revision=version.revision, by=by)


def make_approved(rule_set: RuleSet, *, by: User, approver: User, **more: Any) -> RuleSetVersion:
    """A version that somebody else has approved."""
    version = submit_version(version=make_version(rule_set, by=by, **more), by=by)
    return approve_version(version=version, by=approver)
