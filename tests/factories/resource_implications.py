"""What resource implications are worked out from: a draft of a rule set, and people of whom its facts are known."""

import datetime as dt
import uuid

from eligibility.models import Referral, RuleSet, RuleSetVersion, Screening
from eligibility.services.resource_implications import ask_for_resource_implications
from offers.models import Cohort
from phb_register import jobs
from phb_register.models import Commissioner
from phb_register.roles import Role
from tests.factories.offers import LocalOfferFactory, OfferLineFactory
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

TODAY = dt.date(2026, 11, 22)
PERIOD = (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
IN_PERIOD, BEFORE = dt.date(2025, 6, 1), dt.date(2024, 6, 1)
COHORT = "long-term-condition"


def commissioner_with_offer() -> Commissioner:
    """One whose local offer has the cohort since last year."""
    commissioner = CommissionerFactory()
    line = {"phase__local_offer": LocalOfferFactory(commissioner=commissioner), "phase__starts_on": dt.date(2025, 4, 1)}
    OfferLineFactory(cohort=Cohort.objects.get(code=COHORT), **line)
    return commissioner


def make_version(commissioner, tree=None, number=1, rule_set=None, **kwargs):
    """A draft that lets in whoever has a long-term condition."""
    rule_set = rule_set or RuleSet.objects.create(
        code=f"{commissioner.code.lower()}-condition",
        title="People with a long-term condition",
        cohort=Cohort.objects.get(code=COHORT),
        commissioner=commissioner,
    )
    content = {
        "says": "They may ask for one.",
        "criteria": tree or {"fact": "long_term_condition", "equals": True},
    }
    return RuleSetVersion.objects.create(
        **{
            "rule_set": rule_set,
            "number": number,
            "effective_from": dt.date(2027, 4, 1),
            "status": "in_force",
            "outcome": "may_request",
            "source": "para 1",
            "content": content,
            "prepared_by": UserFactory(),
            **kwargs,
        }
    )


# Nothing that gives anybody anything by the law.
NOTHING = {
    "chc": "not_eligible",
    "chc_fast_track": False,
    "continuing_care": "not_eligible",
    "s117_aftercare": False,
    "wheelchair_need": "none",
    "ehc_plan": False,
}


def screened(commissioner, *, condition, received_on=BEFORE, person=None, facts=None):
    """Somebody screened, with just the facts that matter."""
    person = person or PersonFactory(commissioner=commissioner)
    user = UserFactory()
    referral = Referral.objects.create(
        submission_key=uuid.uuid4(),
        person=person,
        commissioner=commissioner,
        received_on=received_on,
        decision_due_on=received_on,
        decision_days=28,
        decision_days_counted="calendar",
        referred_by=user,
    )
    Screening.objects.create(
        referral=referral,
        assessed_on=received_on,
        facts={**NOTHING, "long_term_condition": condition, **(facts or {})},
        answer={},
        outcome="not_offered",
        rule_versions=[],
        screened_by=user,
    )
    return person


def team_of(commissioner, role=Role.PHB_TEAM):
    return UserFactory(role=role, role__commissioner=commissioner)


def asked(version, commissioner, by=None, as_at=TODAY, period=PERIOD):
    return ask_for_resource_implications(
        version=version,
        commissioner=commissioner,
        by=by or team_of(commissioner),
        as_at=as_at,
        period_from=period[0],
        period_to=period[1],
    )


def worked_out(version, commissioner, **kwargs):
    run = asked(version, commissioner, **kwargs)
    jobs.run(run.job_id)
    run.refresh_from_db()
    assert run.is_finished, run.job.error
    return run
