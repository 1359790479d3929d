"""Support plans, written, proposed and signed through the services as the pages do it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from budgets.enums import Method, Recurrence, ServiceCategory, SignedHow
from budgets.models import DelegatedTask, PlanOutcome, PlanService, ProhibitedPurchase, SupportPlan
from budgets.rules.plan_features import checklist
from budgets.rules.plan_sections import PlanSection
from budgets.services.delegated_tasks import sign_off_task
from budgets.services.plan_lines import add_line
from budgets.services.plan_purchases import add_prohibited
from budgets.services.plan_signing import sign_for_commissioner, sign_for_holder
from budgets.services.support_plans import answer_features, propose_plan, start_plan, write_section
from eligibility.models import Referral
from phb_register.models import Commissioner, User
from tests.factories.eligibility import make_nurse, make_team

STARTED_ON = dt.date(2026, 11, 4)
IN_FORCE_FROM = dt.date(2026, 11, 9)


def make_prohibited(commissioner: Commissioner, *, by: User, label: str = "Garden sheds") -> ProhibitedPurchase:
    """What the people of one commissioner cannot buy, since 2020."""
    return add_prohibited(
        commissioner=commissioner,
        by=by,
        label=label,
        words=["shed"],
        citation="Our policy of 2020",
        source="Testing",
        applies_from=dt.date(2020, 1, 1),
    )


def service_values(**given: Any) -> dict[str, Any]:
    """What is typed about a service: £400.00 a week to an agency, by direct payment."""
    return {
        "description": "Help in the morning",
        "category": ServiceCategory.CARE_AGENCY,
        "provider_name": "Testing Care",
        "method": Method.DIRECT_PAYMENT,
        "recurrence": Recurrence.WEEKLY,
        "amount": Decimal("400.00"),
        **given,
    }


def add_outcome(plan: SupportPlan, by: User, **given: Any) -> PlanOutcome:
    values = {"statement": "I want to go to choir", "how_met": "An assistant comes along", **given}
    line = add_line(plan=plan, section=PlanSection.OUTCOMES, values=values, by=by)
    assert isinstance(line, PlanOutcome)
    return line


def add_service(plan: SupportPlan, by: User, *, on: dt.date | None = None, **given: Any) -> PlanService:
    line = add_line(plan=plan, section=PlanSection.SERVICES, values=service_values(**given), by=by, on=on)
    assert isinstance(line, PlanService)
    return line


def add_task(plan: SupportPlan, by: User, *, valid_until: dt.date | None = None, **given: Any) -> DelegatedTask:
    values = {"task": "Suction", "assistant_name": "Alex Testing", **given}
    line = add_line(plan=plan, section=PlanSection.DELEGATED_TASKS, values=values, by=by)
    assert isinstance(line, DelegatedTask)
    if valid_until is not None:
        sign_off(plan, line, by, valid_until=valid_until)
    return line


def sign_off(plan: SupportPlan, task: DelegatedTask, by: User, *, valid_until: dt.date) -> None:
    day = valid_until - dt.timedelta(days=365)
    sign_off_task(
        plan=plan,
        key=task.key,
        trained_by="Sister Testing",
        trained_on=day,
        signed_off_by="Sister Testing",
        registration="nmc",
        registration_number="00A0000E",
        signed_off_on=day,
        valid_until=valid_until,
        by=by,
    )


def write(plan: SupportPlan, by: User, section: PlanSection, **values: Any) -> SupportPlan:
    """Save one page of a draft, over whatever is saved."""
    plan.refresh_from_db()
    return write_section(plan=plan, section=section, values=values, revision=plan.revision_of(section), by=by)


def fill_plan(plan: SupportPlan, by: User, *, on: dt.date = STARTED_ON, **service: Any) -> SupportPlan:
    """Everything a draft needs to be proposed: one outcome, one service."""
    write(plan, by, PlanSection.HEALTH_NEEDS, health_needs="Needs help to breathe at night")
    outcome = add_outcome(plan, by)
    add_service(plan, by, on=on, outcome=outcome, **service)
    write(plan, by, PlanSection.PAYMENTS, payments="four_weekly")
    write(plan, by, PlanSection.NO_RISKS, no_risks_reason="None found with the person")
    write(
        plan,
        by,
        PlanSection.RISK_ADVICE,
        risk_advice="Duties of an employer",
        risk_advice_by="A. N.",
        risk_advice_on=on,
    )
    write(
        plan,
        by,
        PlanSection.COORDINATOR,
        coordinator_name="Sam Testing",
        coordinator_role="Nurse",
        coordinator_contact="01632 960001",
    )
    write(plan, by, PlanSection.REVIEW, review_arrangements="After three months", first_review_by=None)
    plan.refresh_from_db()
    answers = dict.fromkeys(checklist(plan.checklist).codes, (True, ""))
    return answer_features(plan=plan, answers=answers, revision=plan.revision_of(PlanSection.FEATURES), by=by)


def make_draft_plan(
    referral: Referral, *, by: User | None = None, on: dt.date = STARTED_ON, **service: Any
) -> SupportPlan:
    """A draft that can be proposed."""
    nurse = by or make_nurse(referral.commissioner)
    return fill_plan(start_plan(referral=referral, by=nurse, on=on), nurse, on=on, **service)


def make_proposed_plan(
    referral: Referral, *, by: User | None = None, on: dt.date = STARTED_ON, **service: Any
) -> SupportPlan:
    """A version that waits for both signatures."""
    nurse = by or make_nurse(referral.commissioner)
    return propose_plan(plan=make_draft_plan(referral, by=nurse, on=on, **service), by=nurse, on=on)


def sign_plan(
    plan: SupportPlan, *, by: User | None = None, team: User | None = None, on: dt.date = IN_FORCE_FROM
) -> SupportPlan:
    """Sign a proposed version for both sides on one day, from which it is in force."""
    nurse = by or make_nurse(plan.referral.commissioner)
    team = team or make_team(plan.referral.commissioner)
    sign_for_holder(plan=plan, by=nurse, signed_on=on, how=SignedHow.ON_PAPER)
    return sign_for_commissioner(plan=plan, by=team, signed_on=on, how=SignedHow.ON_PAPER, in_force_from=on)


def make_signed_plan(
    referral: Referral, *, on: dt.date = IN_FORCE_FROM, by: User | None = None, team: User | None = None, **service: Any
) -> SupportPlan:
    """A plan in force from a day. `service` says what its one line buys: see `service_values`."""
    return sign_plan(make_proposed_plan(referral, by=by, on=on, **service), by=by, team=team, on=on)
