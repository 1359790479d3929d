"""The screening: worked cases, and what an answer tells beside its outcome."""

import datetime as dt
import json

import pytest

from eligibility.rules import (
    Answer,
    DirectPayment,
    FactsRefused,
    Funding,
    Method,
    Outcome,
    Policy,
    WarningKind,
    next_questions,
    screen,
)
from eligibility.rules.case_files import read_case_file
from tests.support.rules import CASES, everybody, llr, llr_lines, national, offer_lines, somerset

LLR_CODES = {"04C", "04V", "03W", "QK1", "LLR"}
SOMERSET_CODES = {"11X", "QSL"}
ON = dt.date(2018, 6, 1)
S3 = {
    "learning_disability": True,
    "inpatient": True,
    "mental_health_act_section": "s3",
    "fit_for_discharge": True,
    "could_live_in_community": True,
}
CHILD = {"born_on": "2004-03-01", "learning_disability": True, "high_level_domains": 2, "under_paediatrician": True}


def answer_to(facts, on=ON, **options):
    return screen(
        facts={**everybody(), **facts},
        assessed_on=on,
        rule_sets=(*national(), *llr()),
        offer_lines=llr_lines(),
        **options,
    )


def kinds(answer):
    return [warning.kind for warning in answer.warnings]


def pure_cases():
    """The worked cases but for those whose point is the commissioner's own history, which is in the database."""
    found = read_case_file(CASES.read_text(encoding="utf-8"), lambda code: True)
    return [case for case in found if case.id != "ccg-closed"]


@pytest.mark.parametrize("case", pure_cases(), ids=lambda case: case.id)
def test_worked_case_comes_out_as_expected(case):
    local, lines = (), ()
    if case.commissioner in LLR_CODES:
        local, lines = llr(), llr_lines()
    elif case.commissioner in SOMERSET_CODES:
        local, lines = somerset(), offer_lines("11X")
    answer = screen(facts=case.facts, assessed_on=case.assessed_on, rule_sets=(*national(), *local), offer_lines=lines)

    assert case.differences(answer) == []


@pytest.mark.parametrize("case", pure_cases(), ids=lambda case: case.id)
def test_answer_survives_the_way_through_json(case):
    answer = answer_to(case.facts, case.assessed_on)

    assert Answer.from_dict(json.loads(json.dumps(answer.as_dict()))) == answer


def test_every_basis_is_found_the_strongest_first():
    answer = answer_to({**S3, "chc": "eligible", "mental_health_need": True})

    assert [(basis.rule_set.code, basis.outcome) for basis in answer.bases] == [
        ("national-chc", Outcome.RIGHT_TO_HAVE),
        ("llr-ld-autism-adult", Outcome.MAY_REQUEST),
        ("llr-ld-inpatient", Outcome.MAY_BE_CONSIDERED),
        ("llr-mental-health", Outcome.MAY_BE_CONSIDERED),
    ]


def test_basis_says_why_and_cites_its_paragraph():
    basis = answer_to(S3).bases[0]

    assert basis.reasons[0].source == "LLR briefing, September 2017, para 21"
    assert basis.reasons[1].source == "LLR briefing, September 2017, paras 17 and 21 and Appendix I, 2016/17 (b)"
    assert (basis.reading, basis.phase) == ("R1", "2016/17")
    assert "is an inpatient now" in basis.because
    assert "aged 47" in basis.because


def test_refusal_says_what_was_not_met():
    answer = answer_to({"learning_disability": True})

    assert answer.outcome is Outcome.NOT_OFFERED
    chc = next(each for each in answer.not_met if each.rule_set.code == "national-chc")
    assert "NHS continuing healthcare (CHC): not eligible" in chc.because
    assert all(reason.source for reason in answer.reasons)


def test_open_basis_names_the_facts_it_waits_for():
    answer = answer_to({"learning_disability": True, "chc": None, "needs_above_local_authority": True})

    assert answer.outcome is Outcome.MORE_INFORMATION_NEEDED
    assert [(basis.rule_set.code, basis.missing) for basis in answer.possible] == [
        ("national-chc", ("chc",)),
        ("llr-ld-autism-adult", ("chc",)),
    ]


def test_settled_so_far_is_what_stands_whatever_is_missing():
    answer = answer_to({"mental_health_need": True, "chc": None})

    assert (answer.outcome, answer.settled_so_far) == (Outcome.MORE_INFORMATION_NEEDED, Outcome.MAY_BE_CONSIDERED)


def test_two_rights_that_cover_every_age_settle_the_answer_without_it():
    answer = answer_to({"born_on": None, "chc": "eligible", "continuing_care": "eligible"})

    assert answer.outcome is Outcome.RIGHT_TO_HAVE
    assert answer.bases == ()
    assert [basis.rule_set.code for basis in answer.possible] == ["national-chc", "national-continuing-care"]
    assert answer.reasons


def test_proposed_criteria_never_give_more_than_consideration():
    live = [line for line in llr_lines() if line.cohort != "ld-autism-child"]
    line = next(line for line in llr_lines() if line.cohort == "ld-autism-child")
    live.append(type(line)(line.cohort, live[0].status, line.starts_on, None, line.phase, line.source))

    answer = screen(facts={**everybody(), **CHILD}, assessed_on=dt.date(2016, 10, 1), rule_sets=llr(), offer_lines=live)

    assert answer.outcome is Outcome.MAY_BE_CONSIDERED


def test_readings_warning_names_each_side_and_the_one_relied_on():
    answer = answer_to(CHILD, dt.date(2016, 10, 1))

    text = next(warning.text for warning in answer.warnings if warning.kind is WarningKind.READING)
    assert "R1, R3, R4 would let this person in, R2 would not" in text
    assert "rests on R1" in text


@pytest.mark.parametrize(
    "facts",
    [
        {**CHILD, "under_camhs_consultant": True},
        {**CHILD, "under_paediatrician": False},
        # Three readings already let the child in; the other still waits for a fact, so nothing is known to disagree.
        {**CHILD, "under_camhs_consultant": None},
    ],
)
def test_readings_that_are_not_known_to_disagree_give_no_warning(facts):
    assert kinds(answer_to(facts, dt.date(2016, 10, 1))) == []


@pytest.mark.parametrize(
    ("paediatrician", "camhs", "high", "is_in_group", "in_readings"),
    [
        # Columns of the table of readings in the analysis of paragraph 22: who would be let in by R1, R2, R3, R4.
        (True, False, 2, True, "YnYY"),
        (False, True, 2, True, "YnYY"),
        (True, False, 1, True, "nnYY"),
        (False, True, 1, True, "nnnn"),
        (False, True, 2, False, "nnYn"),
        (False, False, 2, True, "nnnn"),
        (True, True, 2, True, "YYYY"),
    ],
)
def test_readings_of_paragraph_22_let_in_whom_the_table_says(paediatrician, camhs, high, is_in_group, in_readings):
    rule_set = next(each for each in llr() if each.code == "llr-ld-autism-child")
    facts = {
        "age": 12,
        "autism": is_in_group,
        "learning_disability": False,
        "under_paediatrician": paediatrician,
        "under_camhs_consultant": camhs,
        "high_level_domains": high,
        "ehc_plan": False,
    }

    assert [rule_set.whole(reading).truth(facts) for reading in rule_set.readings] == [
        letter == "Y" for letter in in_readings
    ]


def test_local_statement_warns_and_gives_no_basis_of_its_own():
    answer = answer_to({"chc": "eligible"}, dt.date(2014, 5, 1))

    assert [basis.rule_set.code for basis in answer.bases] == ["national-chc"]
    assert kinds(answer) == [WarningKind.LOCAL]
    assert "para 17" in answer.warnings[0].source


def test_fast_track_that_is_routinely_offered_gives_no_warning():
    facts = {"chc": "eligible", "chc_fast_track": True}

    assert kinds(answer_to(facts)) == [WarningKind.FAST_TRACK]
    assert kinds(answer_to(facts, policy=Policy(is_fast_track_routinely_offered=True))) == []


def test_funding_follows_the_strongest_basis():
    assert answer_to({"chc": "eligible"}).funding.funding is Funding.NHS
    assert answer_to(S3).funding.funding is Funding.INTEGRATED_LIKELY
    assert answer_to(S3).funding.reasons[0].source.endswith("para 23")
    assert answer_to({**S3, "chc": "eligible"}).funding.funding is Funding.NHS
    assert answer_to({}).funding.funding is Funding.NOT_SETTLED


def test_block_contract_binds_the_local_offer_but_not_a_legal_right():
    assert answer_to(S3).direct_payment.conditions[0].source.endswith("para 11")
    assert answer_to({**S3, "chc": "eligible"}).direct_payment.conditions == ()


def test_excluded_person_who_asks_for_a_direct_payment_is_offered_the_other_methods():
    answer = answer_to({"chc": "eligible", "asks_for": "direct_payment", "drug_or_alcohol_order": True})

    assert answer.outcome is Outcome.RIGHT_TO_HAVE
    assert answer.method.open_to == (Method.NOTIONAL, Method.THIRD_PARTY)
    assert "notional or third party" in answer.method.reasons[-1].text


@pytest.mark.parametrize("asks_for", [None, *(method.value for method in Method)])
def test_method_asked_for_never_changes_the_entitlement(asks_for):
    asked = answer_to({**S3, "asks_for": asks_for})

    assert (asked.outcome, asked.bases) == (answer_to(S3).outcome, answer_to(S3).bases)


def test_direct_payment_names_what_it_waits_for_apart_from_the_entitlement():
    answer = answer_to({"born_on": None, "drug_or_alcohol_order": None, "s117_aftercare": True}, dt.date(2020, 1, 1))

    assert answer.missing == ()
    assert answer.direct_payment.missing == ("drug_or_alcohol_order", "born_on")


def test_direct_payment_is_not_in_force_before_the_regulations():
    assert answer_to({}, dt.date(2013, 7, 31)).direct_payment.permission is DirectPayment.NOT_IN_FORCE
    assert answer_to({}, dt.date(2013, 8, 1)).direct_payment.permission is DirectPayment.PERMITTED


def test_answer_cites_something_even_where_no_rule_set_covers_the_date():
    answer = screen(facts={}, assessed_on=dt.date(2010, 1, 1), rule_sets=(*national(), *llr()))

    assert answer.outcome is Outcome.NOT_OFFERED
    assert [bool(reason.source) for reason in answer.reasons] == [True]


def test_date_of_birth_may_come_apart_from_the_other_facts():
    answer = screen(facts={"chc": "eligible"}, born_on=dt.date(1970, 6, 15), assessed_on=ON, rule_sets=national())

    assert answer.outcome is Outcome.RIGHT_TO_HAVE


def test_facts_that_do_not_fit_are_refused():
    with pytest.raises(FactsRefused):
        answer_to({"chc": "perhaps"})


def test_most_decisive_question_comes_first():
    facts = {**everybody(), "chc": None, "chc_fast_track": None, "learning_disability": None,
             "needs_above_local_authority": None}  # fmt: skip

    asked = next_questions(facts=facts, assessed_on=ON, rule_sets=(*national(), *llr()), offer_lines=llr_lines())

    assert [fact.code for fact in asked] == [
        "chc", "chc_fast_track", "learning_disability", "needs_above_local_authority"
    ]  # fmt: skip


def test_nothing_is_asked_once_the_answer_is_settled():
    facts = {"born_on": "1970-06-15", "chc": "eligible"}

    assert next_questions(facts=facts, assessed_on=ON, rule_sets=(*national(), *llr()), offer_lines=llr_lines()) == []
