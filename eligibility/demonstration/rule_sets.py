"""The demonstration's rule set that waits for approval: para 22 in force from next April. Safe to run again."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.services.rule_sets import (
    change_version_details,
    choose_reading,
    save_cases,
    save_content,
    start_version,
    submit_version,
)
from phb_register import clock
from phb_register.dates import financial_year
from phb_register.models import User

CODE = "llr-ld-autism-child"
TEAM = "team@llr.example.nhs.uk"
NOTE = (
    "Paragraph 22 gives no age. From April the criteria are in force for children under 18; young people with an EHC "
    "plan have a ground of their own in paragraph 24. The wording and its four readings stay as they are."
)
WHY_THIS_READING = (
    "The paragraph is about children with a learning disability or autism, complex needs are common to all of them, "
    "and “and/or” means one consultant or both. The PHB team agreed on it with the three CCGs’ successor."
)


def load(progress: Callable[[int, int], None]) -> None:
    """Prepare and submit the version, unless the rule set has had one of its own."""
    rule_set = RuleSet.objects.filter(code=CODE).first()
    team = User.objects.filter(email=TEAM).first()
    if rule_set and team and not RuleSetVersion.objects.filter(rule_set=rule_set, prepared_by__isnull=False).exists():
        _submit(rule_set, rule_set.versions.order_by("number")[0], team)
    progress(1, 1)


def _submit(rule_set: RuleSet, shipped: RuleSetVersion, by: User) -> None:
    first_day = financial_year(clock.today()).end + dt.timedelta(days=1)
    version = start_version(rule_set=rule_set, copy_of=shipped, effective_from=first_day, change_note=NOTE, by=by)
    content = {**version.content, "applies_when": {"fact": "age", "under": 18}}
    content["warnings"] = [each for each in content["warnings"] if each["kind"] != "age"]
    version = save_content(version=version, content=content, revision=version.revision, by=by)
    version = choose_reading(version=version, reading="R1", note=WHY_THIS_READING, revision=version.revision, by=by)
    version = change_version_details(
        version=version,
        details={
            "effective_from": first_day,
            "effective_to": None,
            "status": "in_force",
            "outcome": version.outcome,
            "source": version.source,
            "change_note": NOTE,
            "says": (
                "Children with a learning disability or autism may ask for a budget when a paediatrician or a CAMHS "
                "consultant looks after them and two of their needs are High or above."
            ),
            **{f"funding_{name}": value for name, value in content["funding"].items()},
        },
        revision=version.revision,
        by=by,
    )
    cases = _cases(shipped.cases[0]["facts"], first_day)
    version = save_cases(version=version, cases=cases, revision=version.revision, by=by)
    submit_version(version=version, by=by)


def _cases(answers: dict[str, Any], first_day: dt.date) -> list[dict[str, Any]]:
    """What the version must answer on its first day, while the line of the local offer is only proposed."""
    nothing = {
        **answers,
        **dict.fromkeys(("learning_disability", "autism", "under_paediatrician", "under_camhs_consultant"), False),
        "high_level_domains": 0,
    }
    child, grown = f"{first_day.year - 12}-06-15", f"{first_day.year - 19}-06-15"
    both = {"learning_disability": True, "high_level_domains": 2}
    wanted: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
        (
            "child-paediatrician",
            child,
            {**both, "under_paediatrician": True},
            {"outcome": "may_be_considered", "warns": ["reading"]},
            "The chosen reading; the second wants both consultants",
        ),
        (
            "child-both-consultants",
            child,
            {**both, "under_paediatrician": True, "under_camhs_consultant": True},
            {"outcome": "may_be_considered"},
            "All four readings agree",
        ),
        ("child-no-consultant", child, both, {"outcome": "not_offered"}, "No reading admits a child under neither"),
        (
            "child-one-domain",
            child,
            {**both, "high_level_domains": 1, "under_camhs_consultant": True},
            {"outcome": "not_offered"},
            "One domain at High is not enough",
        ),
        (
            "child-domains-not-known",
            child,
            {**both, "high_level_domains": None, "under_paediatrician": True},
            {"outcome": "more_information_needed", "missing": ["high_level_domains"]},
            "The number of domains decides",
        ),
        (
            "grown-up",
            grown,
            {**both, "under_paediatrician": True},
            {"outcome": "not_offered"},
            "The new limit: under 18",
        ),
    ]
    return [
        {
            "id": name,
            "commissioner": "QK1",
            "assessed_on": first_day.isoformat(),
            "facts": {**nothing, "born_on": born_on, **facts},
            "expect": expect,
            "why": why,
        }
        for name, born_on, facts, expect, why in wanted
    ]
