"""Support plans as they are written, proposed, signed and superseded; and what the database refuses of them."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from budgets.enums import PlanStatus, SignedAs, SignedHow
from budgets.exceptions import BudgetRefused, ChangedMeanwhile
from budgets.models import PlanService, SupportPlan
from budgets.rules.plan_money import cost_of
from budgets.rules.plan_sections import PlanSection
from budgets.selectors.support_plans import (
    exceptions_waiting,
    in_force_among,
    lines_of,
    one_off_lines,
    plan_in_force,
    versions_of,
)
from budgets.services.plan_lines import add_line, approve_exception, change_line, remove_line
from budgets.services.plan_signing import sign_for_commissioner, sign_for_holder
from budgets.services.support_plans import close_plans, propose_plan, start_plan, withdraw_plan, write_section
from eligibility.models import Referral
from phb_register.models import Commissioner, LegalBasis, Representative, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.support_plans import (
    IN_FORCE_FROM,
    STARTED_ON,
    add_outcome,
    add_service,
    add_task,
    make_draft_plan,
    make_proposed_plan,
    make_signed_plan,
    service_values,
    sign_plan,
    write,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(commissioner: Commissioner) -> User:
    return make_nurse(commissioner)


@pytest.fixture
def lead_nurse(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.LEAD_NURSE, role__commissioner=commissioner)


@pytest.fixture
def referral(commissioner: Commissioner) -> Referral:
    return make_accepted_referral(commissioner)


def refused_with(refusal: pytest.ExceptionInfo[BudgetRefused]) -> list[str]:
    return [each.field for each in refusal.value.problems]


# From draft to in force


def test_plan_is_in_force_from_the_day_both_sides_signed(referral: Referral) -> None:
    plan = make_signed_plan(referral)
    assert plan.status == PlanStatus.SIGNED
    assert plan_in_force(referral, IN_FORCE_FROM - DAY) is None
    assert plan_in_force(referral, IN_FORCE_FROM) == plan
    assert in_force_among([referral.pk], IN_FORCE_FROM) == {referral.pk: plan}
    assert [each.action for each in plan.transitions.all()] == ["start", "propose", "sign"]
    assert cost_of(lines_of(plan)).weekly == Decimal("400.00")


def test_next_version_is_a_copy_and_takes_over_on_its_day(referral: Referral, nurse: User) -> None:
    first = make_signed_plan(referral, by=nurse)
    task_key = uuid.uuid4()
    draft = start_plan(referral=referral, by=nurse, on=IN_FORCE_FROM)
    assert (draft.number, draft.copied_from, draft.health_needs) == (2, first, first.health_needs)
    assert [each.key for each in draft.services.all()] == [each.key for each in first.services.all()]
    assert [each.outcome.key for each in draft.services.all()] == [each.key for each in first.outcomes.all()]
    assert draft.risk_advice == ""
    assert start_plan(referral=referral, by=nurse, on=IN_FORCE_FROM) == draft
    add_line(
        plan=draft,
        section=PlanSection.DELEGATED_TASKS,
        key=task_key,
        values={"task": "Feeding by tube", "assistant_name": "Alex"},
        by=nurse,
    )
    advice = {"risk_advice": "As before", "risk_advice_by": "A nurse", "risk_advice_on": IN_FORCE_FROM}
    write(draft, nurse, PlanSection.RISK_ADVICE, **advice)
    later = IN_FORCE_FROM + 5 * DAY
    second = sign_plan(propose_plan(plan=draft, by=nurse, on=later), by=nurse, on=later)
    first.refresh_from_db()
    assert (first.status, first.in_force_until) == (PlanStatus.SUPERSEDED, later)
    assert plan_in_force(referral, later - DAY) == first
    assert plan_in_force(referral, later) == second
    assert [each.number for each in versions_of(referral)] == [2, 1]


def test_proposing_an_empty_draft_names_everything_that_is_missing(referral: Referral, nurse: User) -> None:
    draft = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    with pytest.raises(BudgetRefused) as refusal:
        propose_plan(plan=draft, by=nurse, on=STARTED_ON)
    assert len(refused_with(refusal)) == 7
    assert "regulation 8 of the NHS (Direct Payments) Regulations 2013" in str(refusal.value)


def test_withdrawn_proposal_is_the_start_of_the_next_draft(referral: Referral, nurse: User) -> None:
    proposed = make_proposed_plan(referral, by=nurse)
    with pytest.raises(BudgetRefused, match="waits to be signed"):
        start_plan(referral=referral, by=nurse, on=STARTED_ON)
    with pytest.raises(BudgetRefused) as refusal:
        withdraw_plan(plan=proposed, reason=" ", by=nurse, on=STARTED_ON)
    assert refused_with(refusal) == ["reason"]
    withdraw_plan(plan=proposed, reason="Another agency", by=nurse, on=STARTED_ON)
    again = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    assert (again.number, again.copied_from) == (2, proposed)


def test_plan_ends_with_its_budget(commissioner: Commissioner, nurse: User) -> None:
    team = make_team(commissioner)
    phb = make_budget(commissioner, by=team, agreed_on=IN_FORCE_FROM)
    plan = make_signed_plan(phb.referral, on=IN_FORCE_FROM, by=nurse)
    start_plan(referral=phb.referral, by=nurse, on=IN_FORCE_FROM)
    close_plans(referral=phb.referral, on=IN_FORCE_FROM + DAY, by=team, reason="The budget ended")
    assert plan_in_force(phb.referral, IN_FORCE_FROM) == plan
    assert plan_in_force(phb.referral, IN_FORCE_FROM + DAY) is None
    assert SupportPlan.objects.filter(referral=phb.referral).in_work().count() == 0


def test_plan_needs_an_accepted_referral_and_the_permission(commissioner: Commissioner, referral: Referral) -> None:
    finance = UserFactory(role=Role.FINANCE, role__commissioner=commissioner)
    with pytest.raises(PermissionDenied):
        start_plan(referral=referral, by=finance, on=STARTED_ON)
    with pytest.raises(PermissionDenied):
        start_plan(referral=referral, by=make_nurse(CommissionerFactory()), on=STARTED_ON)


# Signing


def test_both_sides_are_signed_for_by_two_users_the_person_first(
    commissioner: Commissioner, referral: Referral
) -> None:
    team, other = make_team(commissioner), make_team(commissioner)
    plan = make_proposed_plan(referral, by=team)
    day = {"signed_on": IN_FORCE_FROM, "how": SignedHow.ON_PAPER}
    with pytest.raises(BudgetRefused, match="person’s side first"):
        sign_for_commissioner(plan=plan, by=team, in_force_from=IN_FORCE_FROM, **day)
    sign_for_holder(plan=plan, by=team, **day)
    with pytest.raises(BudgetRefused, match="already"):
        sign_for_holder(plan=plan, by=team, **day)
    with pytest.raises(BudgetRefused, match="somebody else"):
        sign_for_commissioner(plan=plan, by=team, in_force_from=IN_FORCE_FROM, **day)
    with pytest.raises(PermissionDenied):
        sign_for_commissioner(plan=plan, by=make_nurse(commissioner), in_force_from=IN_FORCE_FROM, **day)
    with pytest.raises(BudgetRefused) as refusal:
        sign_for_commissioner(plan=plan, by=other, in_force_from=IN_FORCE_FROM - DAY, **day)
    assert refused_with(refusal) == ["in_force_from"]
    signed = sign_for_commissioner(plan=plan, by=other, in_force_from=IN_FORCE_FROM, **day)
    assert [each.name for each in signed.signatures.all()][1] == other.full_name


@pytest.mark.parametrize(
    ("basis", "signed_as"), [(LegalBasis.DEPUTY, SignedAs.REPRESENTATIVE), (LegalBasis.NOMINEE, SignedAs.NOMINEE)]
)
def test_somebody_who_acts_for_the_person_signs_on_days_they_act(
    referral: Referral, nurse: User, basis: LegalBasis, signed_as: SignedAs
) -> None:
    acting = Representative.objects.create(
        person=referral.person,
        name="Pat Testing",
        relationship="Aunt",
        legal_basis=basis,
        evidence_seen_on=IN_FORCE_FROM,
        starts_on=IN_FORCE_FROM,
    )
    plan = make_proposed_plan(referral, by=nurse)
    with pytest.raises(BudgetRefused) as refusal:
        sign_for_holder(plan=plan, by=nurse, signed_on=STARTED_ON, how="on_paper", representative=acting)
    assert refused_with(refusal) == ["representative"]
    with pytest.raises(BudgetRefused) as refusal:
        sign_for_holder(plan=plan, by=nurse, signed_on=IN_FORCE_FROM, how="spoken", representative=acting)
    assert refused_with(refusal) == ["witness"]
    signature = sign_for_holder(plan=plan, by=nurse, signed_on=IN_FORCE_FROM, how="on_paper", representative=acting)
    assert (signature.signed_as, signature.name) == (signed_as, "Pat Testing")


def test_child_under_16_does_not_sign_alone(commissioner: Commissioner, nurse: User) -> None:
    child = PersonFactory(commissioner=commissioner, born_on=dt.date(2014, 1, 1))
    facts = {"continuing_care": "eligible"}
    referral = make_accepted_referral(commissioner, person=child, cohort="continuing-care", facts=facts)
    plan = make_proposed_plan(referral, by=nurse)
    with pytest.raises(BudgetRefused, match="regulation 4"):
        sign_for_holder(plan=plan, by=nurse, signed_on=IN_FORCE_FROM, how="on_paper")


# Lines


def test_two_who_change_a_line_at_once_do_not_overwrite_each_other(referral: Referral, nurse: User) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    line = add_outcome(plan, nurse)
    values = {"statement": "I want to sing", "how_met": "A choir"}
    where = {"plan": plan, "section": PlanSection.OUTCOMES, "key": line.key}
    change_line(**where, values=values, revision=1, by=nurse)
    with pytest.raises(ChangedMeanwhile) as refusal:
        change_line(**where, values={**values, "how_met": "Lessons"}, revision=1, by=nurse)
    assert (refusal.value.revision, nurse.full_name in str(refusal.value)) == (2, True)
    # The same again is saved already.
    assert change_line(**where, values=values, revision=1, by=nurse).revision == 2


def test_two_who_write_a_page_at_once_do_not_overwrite_each_other(referral: Referral, nurse: User) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    page = {"plan": plan, "section": PlanSection.HEALTH_NEEDS, "revision": 0, "by": nurse}
    write_section(**page, values={"health_needs": "One"})
    write_section(**page, values={"health_needs": "One"})
    with pytest.raises(ChangedMeanwhile):
        write_section(**page, values={"health_needs": "Two"})
    # Another page of the plan is not in the way.
    write_section(**{**page, "section": PlanSection.CONTINGENCY}, values={"contingency": "Call the team"})


def test_line_that_is_sent_twice_is_added_once(referral: Referral, nurse: User) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    key = uuid.uuid4()
    values = service_values(recurrence="one_off")
    for _ in range(2):
        add_line(plan=plan, section=PlanSection.SERVICES, key=key, values=values, by=nurse)
    assert [each.key for each in one_off_lines(plan)] == [key]


def test_outcome_that_services_are_for_stays(referral: Referral, nurse: User) -> None:
    plan = make_draft_plan(referral, by=nurse)
    outcome, service = plan.outcomes.get(), plan.services.get()
    with pytest.raises(BudgetRefused, match="Help in the morning"):
        remove_line(plan=plan, section=PlanSection.OUTCOMES, key=outcome.key, by=nurse)
    for _ in range(2):
        remove_line(plan=plan, section=PlanSection.SERVICES, key=service.key, by=nurse)
    remove_line(plan=plan, section=PlanSection.OUTCOMES, key=outcome.key, by=nurse)
    assert not plan.outcomes.exists()


def test_task_with_a_sign_off_is_removed_from_a_draft(referral: Referral, nurse: User) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    task = add_task(plan, nurse, valid_until=dt.date(2027, 1, 1))
    remove_line(plan=plan, section=PlanSection.DELEGATED_TASKS, key=task.key, by=nurse)
    assert not plan.delegated_tasks.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"description": ""}, "description"),
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("1.001")}, "amount"),
        ({"amount": None}, "amount"),
        ({"category": "unknown"}, "category"),
        ({"method": ""}, "method"),
        ({"recurrence": "sometimes"}, "recurrence"),
        ({"provider_name": ""}, "provider_name"),
    ],
)
def test_service_that_is_not_right_is_refused(
    referral: Referral, nurse: User, given: dict[str, object], field: str
) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    with pytest.raises(BudgetRefused) as refusal:
        add_service(plan, nurse, **given)
    assert refused_with(refusal) == [field]


def test_case_32_plan_line_for_cigarettes_is_refused_with_its_citation(referral: Referral, nurse: User) -> None:
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    for given in ({"category": "prohibited:tobacco"}, {"category": "other"}):
        with pytest.raises(BudgetRefused, match=r"NHS \(Direct Payments\) Regulations 2013") as refusal:
            add_service(plan, nurse, description="Cigarettes", **given)
        assert refused_with(refusal) == ["category"]
    assert not plan.services.exists()


def test_case_32_sister_in_the_household_is_paid_with_an_exception_that_another_approved(
    referral: Referral, nurse: User, lead_nurse: User
) -> None:
    sister = {"provider_name": "His sister", "relationship": "family", "lives_in_same_household": True}
    with pytest.raises(BudgetRefused, match=r"regulation 8\(5A\) and \(5B\)"):
        make_draft_plan(referral, by=nurse, **sister)
    plan = start_plan(referral=referral, by=nurse, on=STARTED_ON)
    asked = {"exception_reason": "meets_need", "exception_necessity": "Nobody else speaks his language"}
    add_service(plan, nurse, **sister, **asked)
    service = plan.services.get()
    assert list(exceptions_waiting(lead_nurse)) == [service]
    with pytest.raises(BudgetRefused, match="Have the exception"):
        propose_plan(plan=plan, by=nurse, on=STARTED_ON)
    with pytest.raises(PermissionDenied):
        approve_exception(plan=plan, key=service.key, by=nurse)
    approve_exception(plan=plan, key=service.key, by=lead_nurse)
    with pytest.raises(BudgetRefused, match="any more"):
        approve_exception(plan=plan, key=service.key, by=lead_nurse)
    values = service_values(**sister, **asked)
    kept = change_line(
        plan=plan,
        section=PlanSection.SERVICES,
        key=service.key,
        values={**values, "description": "Help at night"},
        revision=1,
        by=nurse,
    )
    assert isinstance(kept, PlanService)
    assert kept.approved_by == lead_nurse
    dearer = change_line(
        plan=plan,
        section=PlanSection.SERVICES,
        key=service.key,
        values={**values, "amount": Decimal("500.00")},
        revision=2,
        by=nurse,
    )
    assert isinstance(dearer, PlanService)
    assert dearer.approved_by is None


def test_case_32_sister_who_lives_elsewhere_is_paid_without_an_exception(referral: Referral, nurse: User) -> None:
    plan = make_draft_plan(referral, by=nurse, provider_name="His sister", relationship="family")
    assert propose_plan(plan=plan, by=nurse, on=STARTED_ON).status == PlanStatus.PROPOSED


# What the database refuses, whoever writes


def refuses(sql: str, *parameters: object, part: str = "") -> None:
    """The statement is refused; PART stands for the table of a part."""
    sql = sql.replace("PART", f"budgets_{part}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


PARTS = ("planoutcome", "planservice", "planrisk", "planfeature", "delegatedtask", "tasksignoff", "plansignature")


@pytest.fixture
def signed(referral: Referral, nurse: User, commissioner: Commissioner) -> SupportPlan:
    """A signed plan with a row of every part."""
    plan = make_draft_plan(referral, by=nurse)
    add_line(plan=plan, section=PlanSection.RISKS, values={"risk": "Falls", "how_managed": "Rails"}, by=nurse)
    add_task(plan, nurse, valid_until=dt.date(2027, 1, 1))
    return sign_plan(propose_plan(plan=plan, by=nurse, on=STARTED_ON), by=nurse)


def test_signed_plan_and_its_parts_are_neither_changed_nor_removed(signed: SupportPlan) -> None:
    refuses("UPDATE budgets_supportplan SET health_needs = 'Other' WHERE id = %s", signed.pk)
    refuses("UPDATE budgets_supportplan SET status = 'draft' WHERE id = %s", signed.pk)
    refuses("UPDATE budgets_supportplan SET in_force_from = in_force_from + 1 WHERE id = %s", signed.pk)
    refuses("DELETE FROM budgets_supportplan WHERE id = %s", signed.pk)
    for part in PARTS:
        assert apps.get_model("budgets", part)._default_manager.exists(), part
        refuses("UPDATE PART SET id = id + 1000", part=part)
        refuses("DELETE FROM PART", part=part)
        refuses("TRUNCATE PART CASCADE", part=part)


def test_line_is_not_added_to_a_signed_plan_nor_moved_there(signed: SupportPlan, nurse: User) -> None:
    refuses(
        "INSERT INTO budgets_planoutcome (plan_id, key, revision, edited_by_id, statement, how_met)"
        " SELECT plan_id, gen_random_uuid(), 1, edited_by_id, 'a', 'b' FROM budgets_planoutcome"
    )
    draft = start_plan(referral=signed.referral, by=nurse, on=IN_FORCE_FROM)
    [task] = draft.delegated_tasks.all()
    assert (task.task, task.sign_offs.get().valid_until) == ("Suction", dt.date(2027, 1, 1))
    assert {each.code for each in draft.features.all()} == {each.code for each in signed.features.all()}
    refuses("UPDATE budgets_planoutcome SET plan_id = %s WHERE plan_id = %s", signed.pk, draft.pk)
    refuses("UPDATE budgets_planservice SET outcome_id = %s WHERE plan_id = %s", signed.outcomes.get().pk, draft.pk)


def test_plan_is_not_signed_by_an_update_alone(referral: Referral, nurse: User, commissioner: Commissioner) -> None:
    plan = make_proposed_plan(referral, by=nurse)
    sign = "UPDATE budgets_supportplan SET status = 'signed', in_force_from = '2026-11-09' WHERE id = %s"
    refuses(sign, plan.pk)
    sign_for_holder(plan=plan, by=nurse, signed_on=IN_FORCE_FROM, how="on_paper")
    refuses(sign, plan.pk)
    refuses(
        "INSERT INTO budgets_plansignature (plan_id, side, signed_as, name, officer_id, signed_on, how, witness,"
        " recorded_by_id, recorded_at) VALUES (%s, 'commissioner', 'officer', 'A', %s, '2026-11-09', 'on_paper', '',"
        " %s, now())",
        plan.pk,
        nurse.pk,
        nurse.pk,
    )


def test_plan_is_never_born_signed(referral: Referral, nurse: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SupportPlan.objects.create(
            referral=referral,
            number=1,
            status="signed",
            started_on=STARTED_ON,
            started_by=nurse,
            proposed_on=STARTED_ON,
            proposed_by=nurse,
            in_force_from=STARTED_ON,
            checklist="six",
        )


def test_household_is_not_paid_by_an_update_alone(referral: Referral, nurse: User) -> None:
    plan = make_draft_plan(referral, by=nurse)
    plan.services.update(relationship="family", lives_in_same_household=True)
    refuses(
        "UPDATE budgets_supportplan SET status = 'proposed', proposed_on = '2026-11-09', proposed_by_id = %s"
        " WHERE id = %s",
        nurse.pk,
        plan.pk,
    )
