"""The rules of support plans: what may be bought and from whom, what must hold, what it costs, how it moves on."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.enums import ExceptionReason, Method, PayeeRelationship, PlanStatus, Recurrence
from budgets.rules import support_plan_states as states
from budgets.rules.agreement import MethodAmount
from budgets.rules.periods import a_year_of
from budgets.rules.plan_features import CHECKLISTS, checklist_on
from budgets.rules.plan_household import Payee, check_approved, check_payee, warning
from budgets.rules.plan_money import PlanLine, check_sufficient, cost_of
from budgets.rules.plan_purchases import Prohibited, check_purchase, recognised
from budgets.rules.plan_sections import (
    SECTIONS,
    PlanFacts,
    PlanSection,
    SectionState,
    ServiceFacts,
    section_problems,
    section_states,
)

DOCS = Path(__file__).parents[3] / "docs"
IN_2018 = dt.date(2018, 6, 1)
TOBACCO = Prohibited("tobacco", "Tobacco", ("tobacco", "cigarette"), "regulations", "The Regulations")
HEALTH_CHECK = Prohibited("checks", "Health checks", ("health check",), "guidance", "The guidance")
LISTED = [TOBACCO, HEALTH_CHECK]
SISTER_AT_HOME = Payee(Method.DIRECT_PAYMENT, PayeeRelationship.FAMILY, lives_in_same_household=True)
WEEKLY_410 = PlanLine(Method.DIRECT_PAYMENT, Recurrence.WEEKLY, Decimal("410.00"))


def direct_payment(weekly: str) -> list[MethodAmount]:
    return [MethodAmount(Method.DIRECT_PAYMENT, a_year_of(Decimal(weekly)))]


# What a direct payment pays, and whom


def test_case_32_sister_in_the_same_household_is_blocked_without_an_exception() -> None:
    problems = check_payee(SISTER_AT_HOME, IN_2018)
    assert [each.field for each in problems] == ["exception_reason", "exception_necessity"]
    assert all("regulation 8(5A) and (5B)" in each.message for each in problems)


def test_case_32_sister_who_lives_elsewhere_is_allowed() -> None:
    elsewhere = replace(SISTER_AT_HOME, lives_in_same_household=False)
    assert check_payee(elsewhere, IN_2018) == []
    assert check_approved(elsewhere, "Care", IN_2018) == []


def test_case_32_exception_needs_its_approval_before_the_plan_is_proposed() -> None:
    asked = replace(
        SISTER_AT_HOME, exception_reason=ExceptionReason.MEETS_NEED, exception_necessity="Nobody else speaks Gujarati"
    )
    assert check_payee(asked, IN_2018) == []
    assert [each.field for each in check_approved(asked, "Care", IN_2018)] == ["services"]
    assert check_approved(replace(asked, is_approved=True), "Care", IN_2018) == []


def test_case_32_line_for_cigarettes_is_a_hard_stop() -> None:
    by_category = check_purchase("prohibited:tobacco", "Cigarettes", "He likes them", LISTED)
    assert [each.field for each in by_category] == ["category"]
    assert "cannot buy this: tobacco (The Regulations)" in by_category[0].message
    by_words = check_purchase("other", "20 cigarettes a day", "", LISTED)
    assert "“tobacco”" in by_words[0].message


@pytest.mark.parametrize("relationship", [PayeeRelationship.FAMILY, PayeeRelationship.FRIEND])
def test_household_rule_begins_on_1_april_2017(relationship: PayeeRelationship) -> None:
    payee = replace(SISTER_AT_HOME, relationship=relationship)
    assert check_payee(payee, dt.date(2017, 3, 31)) == []
    assert "worded differently" in warning(payee, dt.date(2017, 3, 31))
    assert check_payee(payee, dt.date(2017, 4, 1))
    assert warning(payee, dt.date(2017, 4, 1)) == ""


@pytest.mark.parametrize(
    "payee",
    [
        replace(SISTER_AT_HOME, method=Method.NOTIONAL),
        replace(SISTER_AT_HOME, method=Method.THIRD_PARTY),
        replace(SISTER_AT_HOME, relationship=PayeeRelationship.NOT_CONNECTED),
    ],
)
def test_household_rule_is_of_direct_payments_to_connected_people(payee: Payee) -> None:
    assert check_payee(payee, IN_2018) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("CIGARETTES", ["tobacco"]),
        ("a pack of tobacco,", ["tobacco"]),
        ("a health  check each year", ["checks"]),
        ("cigarettelike toys", []),
        ("checks on health", []),
        ("", []),
    ],
)
def test_words_are_recognised_whole_in_any_case_and_number(text: str, codes: list[str]) -> None:
    assert [each.code for each in recognised(text, LISTED)] == codes


def test_words_that_mean_something_else_are_explained() -> None:
    assert check_purchase("activity", "Help to give up cigarettes", "A course to stop smoking", LISTED) == []
    assert "guidance: The guidance" in check_purchase("activity", "Health check", "", LISTED)[0].message


def test_category_that_does_not_exist_is_refused() -> None:
    assert [each.field for each in check_purchase("prohibited:unknown", "Bread", "", LISTED)] == ["category"]


# What it costs


def test_case_33_plan_of_410_a_week_is_more_than_a_direct_payment_of_400() -> None:
    [problem] = check_sufficient([WEEKLY_410], direct_payment("400.00"))
    assert problem.field == "direct_payment_amount"
    assert "regulation 13(1) of the NHS (Direct Payments) Regulations 2013" in problem.message
    assert "£410.00 a week" in problem.message
    assert "£400.00 a week" in problem.message


def test_case_33_plan_of_400_a_week_is_covered_by_400() -> None:
    assert check_sufficient([replace(WEEKLY_410, amount=Decimal("400.00"))], direct_payment("400.00")) == []


def test_case_33_counts_only_what_the_direct_payment_buys() -> None:
    notional = replace(WEEKLY_410, method=Method.NOTIONAL)
    assert check_sufficient([notional], []) == []
    assert check_sufficient([notional, WEEKLY_410], direct_payment("410.00")) == []
    assert check_sufficient([WEEKLY_410], [MethodAmount(Method.NOTIONAL, Decimal("99999.00"))])


def test_one_off_lines_need_one_off_money() -> None:
    hoist = PlanLine(Method.DIRECT_PAYMENT, Recurrence.ONE_OFF, Decimal("900.00"))
    [problem] = check_sufficient([WEEKLY_410, hoist], direct_payment("410.00"))
    assert problem.field == "one_off_amount"
    assert check_sufficient([WEEKLY_410, hoist], direct_payment("410.00"), one_off_amount=Decimal("900.00")) == []
    assert check_sufficient([WEEKLY_410], [], one_off_amount=Decimal("99999.00"))


AMOUNTS = st.decimals(min_value="0.01", max_value="5000", places=2)


@given(st.lists(AMOUNTS, min_size=1, max_size=12))
def test_direct_payment_of_the_weekly_sum_is_enough_however_it_is_split(amounts: list[Decimal]) -> None:
    lines = [PlanLine(Method.DIRECT_PAYMENT, Recurrence.WEEKLY, amount) for amount in amounts]
    whole = a_year_of(sum(amounts, Decimal(0)))
    assert cost_of(lines).annual == whole
    assert check_sufficient(lines, [MethodAmount(Method.DIRECT_PAYMENT, whole)]) == []
    assert check_sufficient(lines, [MethodAmount(Method.DIRECT_PAYMENT, whole - Decimal("0.01"))])


# What must hold

WHOLE = PlanFacts(
    health_needs="Needs",
    outcomes=1,
    services=(ServiceFacts("Care", WEEKLY_410, Payee(Method.DIRECT_PAYMENT, "not_connected", False)),),
    payments="weekly",
    risks=1,
    risk_advice="Advice",
    risk_advice_by="A nurse",
    risk_advice_on=IN_2018,
    coordinator_name="A nurse",
    coordinator_contact="01632 960001",
    review_arrangements="After three months",
    features=("a", "b"),
    features_answered=("b", "a"),
)


def test_whole_plan_can_be_proposed() -> None:
    assert section_problems(WHOLE, IN_2018) == []


def test_empty_plan_is_told_everything_at_once() -> None:
    missing = [each.field for each in section_problems(PlanFacts(features=("a",)), IN_2018)]
    assert missing == ["health-needs", "outcomes", "services", "risks", "care-co-ordinator", "review", "features"]


@pytest.mark.parametrize(
    ("change", "section"),
    [
        ({"health_needs": " "}, PlanSection.HEALTH_NEEDS),
        ({"outcomes": 0}, PlanSection.OUTCOMES),
        ({"services": ()}, PlanSection.SERVICES),
        ({"payments": ""}, PlanSection.PAYMENTS),
        ({"risks": 0}, PlanSection.RISKS),
        ({"risk_advice_on": None}, PlanSection.RISK_ADVICE),
        ({"coordinator_contact": ""}, PlanSection.COORDINATOR),
        ({"review_arrangements": ""}, PlanSection.REVIEW),
        ({"features_answered": ("a",)}, PlanSection.FEATURES),
    ],
)
def test_each_thing_that_is_missing_is_named_with_its_section(change: dict[str, object], section: PlanSection) -> None:
    assert [each.field for each in section_problems(replace(WHOLE, **change), IN_2018)] == [section]


@pytest.mark.parametrize(
    "change", [{"services": (), "no_services_reason": "Support is free"}, {"risks": 0, "no_risks_reason": "None found"}]
)
def test_reason_stands_in_for_lines(change: dict[str, object]) -> None:
    assert section_problems(replace(WHOLE, **change), IN_2018) == []


def test_advice_about_risks_is_asked_for_with_a_direct_payment_only() -> None:
    line = replace(WEEKLY_410, method=Method.NOTIONAL)
    notional = replace(WHOLE, services=(ServiceFacts("Care", line, Payee(Method.NOTIONAL, "not_connected", False)),))
    assert section_problems(replace(notional, risk_advice="", payments=""), IN_2018) == []


def test_states_of_the_task_list() -> None:
    states_of = section_states(replace(WHOLE, payments="", health_needs=""), IN_2018)
    assert set(states_of) == set(SECTIONS)
    assert states_of[PlanSection.HEALTH_NEEDS] is SectionState.TO_DO
    assert states_of[PlanSection.SERVICES] is SectionState.INCOMPLETE
    assert states_of[PlanSection.OUTCOMES] is SectionState.COMPLETE
    assert states_of[PlanSection.DELEGATED_TASKS] is SectionState.OPTIONAL


def test_checklist_of_a_plan_is_that_of_its_day() -> None:
    assert [len(each.features) for each in CHECKLISTS] == [5, 6]
    assert checklist_on(dt.date(2013, 8, 1)).code == "five"
    assert checklist_on(dt.date(2019, 12, 1)).code == "five"
    assert checklist_on(dt.date(2019, 12, 2)).code == "six"


# How it moves on

JUMPS = {
    ("draft", "proposed"),
    ("draft", "withdrawn"),
    ("proposed", "signed"),
    ("proposed", "withdrawn"),
    ("signed", "superseded"),
}


def test_database_is_told_every_jump_of_a_plan_once() -> None:
    assert states.allowed_jumps() == sorted(JUMPS)


@pytest.mark.parametrize(
    ("status", "actions"),
    [("draft", ["propose", "withdraw"]), ("proposed", ["withdraw"]), ("signed", []), ("superseded", [])],
)
def test_buttons_of_a_status(status: str, actions: list[str]) -> None:
    assert [step.action for step in states.steps_from(status) if not step.is_by_itself] == actions
    assert states.step_for("propose", status) is (states.PROPOSE if status == PlanStatus.DRAFT else None)


def test_diagram_in_the_documents_is_the_table() -> None:
    document = (DOCS / "states" / "support-plan-states.md").read_text()
    assert f"```mermaid\n{states.mermaid()}```" in document
