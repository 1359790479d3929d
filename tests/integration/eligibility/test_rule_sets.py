"""Rule sets in the database: what arrives with `migrate`, which hold where and when, and what is refused."""

import copy
import datetime as dt
import json

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.reference import add_rule_sets, load_rule_sets
from eligibility.rules import FACTS, Answer, FactsRefused, Layer, Outcome, RulesRefused
from eligibility.selectors.rule_sets import rule_book, rule_sets_for
from eligibility.services.screening import screen_person
from phb_register.models import Commissioner, CommissionerSettings
from tests.support.rules import everybody, llr, national, reference_data, somerset

pytestmark = pytest.mark.django_db

ON = dt.date(2018, 6, 1)


def commissioner(code):
    return Commissioner.objects.get(code=code)


@pytest.fixture
def rule_set():
    """A national rule set without versions, beside those of the reference files."""
    template = RuleSet.objects.get(code="national-wheelchair")
    return RuleSet.objects.create(code="another", title="Another", cohort=template.cohort)


def version(rule_set, number=1, effective_from="2020-01-01", effective_to=None, status="in_force", **more):
    content = {"says": "It says so.", "criteria": {"fact": "autism", "equals": True}}
    return RuleSetVersion.objects.create(
        rule_set=rule_set,
        number=number,
        effective_from=effective_from,
        effective_to=effective_to,
        status=status,
        approval_status="approved",
        **{"outcome": "may_request", "source": "para 1", "content": content, **more},
    )


def refused(*errors):
    """Expect the database to refuse, and leave the test's transaction usable."""
    return pytest.raises(errors)


def test_reference_rule_sets_are_in_the_database_as_in_the_files():
    held = [each.as_rules() for each in RuleSetVersion.objects.select_related("rule_set__cohort")]

    def by_version(rules):
        return sorted(rules, key=lambda each: (each.code, each.number))

    assert by_version(held) == by_version([*national(), *llr(), *somerset()])


def test_loading_again_adds_nothing_and_leaves_what_was_edited():
    RuleSet.objects.filter(code="llr-s117").update(title="Edited")
    before = RuleSetVersion.objects.count()

    load_rule_sets()

    assert RuleSetVersion.objects.count() == before
    assert RuleSet.objects.get(code="llr-s117").title == "Edited"


def test_every_version_that_comes_with_the_product_carries_worked_cases():
    assert RuleSetVersion.objects.exists()
    for version in RuleSetVersion.objects.select_related("rule_set"):
        assert version.cases, f"{version.rule_set.code}, version {version.number}"
        for case in version.cases:
            assert everybody().keys() - {"born_on"} <= case["facts"].keys() <= set(FACTS), case["id"]


def test_version_that_came_without_worked_cases_is_given_them():
    with pgtrigger.ignore("eligibility.RuleSetVersion:rule_set_version_frozen"):
        RuleSetVersion.objects.filter(rule_set__code="llr-s117").update(cases=[])

    load_rule_sets()

    version = RuleSetVersion.objects.get(rule_set__code="llr-s117")
    assert [case["id"] for case in version.cases] == [
        "s117-before-phase",
        "s117-no-right-yet",
        "s117-first-day-of-phase",
    ]


def test_rule_set_of_an_unknown_commissioner_is_passed_over():
    data = copy.deepcopy(reference_data("llr"))
    for each in data["rule_sets"]:
        each["code"] = f"x-{each['code']}"
        each["commissioner"] = "NOWHERE"

    assert add_rule_sets(data) == []


def test_faulty_file_adds_nothing():
    data = copy.deepcopy(reference_data("national"))
    for each in data["rule_sets"]:
        each["code"] = f"x-{each['code']}"
    data["rule_sets"][-1]["versions"][0]["criteria"] = {"all": []}

    with pytest.raises(RulesRefused):
        add_rule_sets(data)

    assert not RuleSet.objects.filter(code__startswith="x-").exists()


@pytest.mark.parametrize(
    ("code", "on", "has_local"),
    [
        ("04C", dt.date(2016, 4, 1), True),
        ("04V", dt.date(2016, 4, 1), True),
        ("03W", dt.date(2016, 4, 1), True),
        ("LLR", dt.date(2016, 4, 1), True),
        ("QK1", dt.date(2023, 4, 1), True),
        ("04C", dt.date(2023, 4, 1), True),
        ("11X", dt.date(2017, 3, 31), False),
        ("11X", dt.date(2017, 4, 1), True),
        ("QSL", dt.date(2023, 4, 1), True),
        ("36J", dt.date(2021, 4, 1), False),
        ("QWO", dt.date(2023, 4, 1), False),
    ],
)
def test_local_rules_hold_for_the_people_of_the_local_offer(code, on, has_local):
    layers = {rule_set.layer for rule_set in rule_sets_for(commissioner(code), on)}

    assert layers == ({Layer.NATIONAL, Layer.LOCAL} if has_local else {Layer.NATIONAL})


@pytest.mark.parametrize(
    ("on", "number"),
    [
        (dt.date(2014, 3, 31), 1),
        (dt.date(2014, 4, 1), 2),
        (dt.date(2014, 9, 30), 2),
        (dt.date(2014, 10, 1), 3),
    ],
)
def test_version_of_the_date_is_used(on, number):
    used = {each.code: each.number for each in rule_sets_for(commissioner("04C"), on)}

    assert used["national-chc"] == number


def test_proposed_version_counts_only_where_none_is_in_force(rule_set):
    version(rule_set, 1, "2014-01-01", "2014-12-31")
    version(rule_set, 2, "2014-01-01", status="proposed")

    def used(on):
        return {each.code: each.number for each in rule_sets_for(commissioner("11X"), on)}["another"]

    assert used(dt.date(2014, 12, 31)) == 1
    assert used(dt.date(2015, 1, 1)) == 2


def test_versions_in_force_may_not_share_a_day(rule_set):
    version(rule_set, 1, "2020-01-01", "2020-06-30")

    with refused(IntegrityError), transaction.atomic():
        version(rule_set, 2, "2020-06-30")
    version(rule_set, 2, "2020-07-01")
    with refused(IntegrityError), transaction.atomic():
        version(rule_set, 3, "2019-01-01")
    version(rule_set, 3, "2019-01-01", status="proposed")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"effective_to": "2019-12-31"},
        {"status": "draft"},
        {"outcome": "not_offered"},
        {"source": ""},
    ],
)
def test_faulty_version_is_refused_by_the_database(rule_set, change):
    with refused(IntegrityError), transaction.atomic():
        version(rule_set, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"content": {}},
        {"outcome": "may_be_considered"},
        {"source": "elsewhere"},
        {"effective_from": "2019-01-01"},
        {"status": "proposed"},
    ],
)
def test_version_in_force_is_never_edited_even_in_bulk(rule_set, change):
    held = version(rule_set)

    with refused(IntegrityError, InternalError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=held.pk).update(**change)


@pytest.mark.parametrize("change", [{"source": "para 2"}, {"content": {}}, {"cases": [{}]}, {"effective_to": ON}])
def test_approved_proposed_version_is_not_edited_either(rule_set, change):
    held = version(rule_set, status="proposed", effective_from="2014-01-01")

    with refused(IntegrityError, InternalError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=held.pk).update(**change)


def test_rule_sets_and_versions_are_never_deleted(rule_set):
    held = version(rule_set)

    for row in (held, rule_set):
        with refused(InternalError, IntegrityError), transaction.atomic():
            row.delete()


def test_content_that_the_rules_cannot_read_is_refused_with_the_path(rule_set):
    faulty = RuleSetVersion(
        rule_set=rule_set,
        number=1,
        effective_from=dt.date(2020, 1, 1),
        status="proposed",
        outcome="may_request",
        source="para 1",
        content={"says": "It says so.", "criteria": {"all": [{"fact": "x", "equals": 1}]}},
    )

    with pytest.raises(ValidationError, match=r"another, version 1.criteria.all\[0\].fact"):
        faulty.full_clean()


def test_screened_answer_is_stored_and_reads_back_the_same():
    facts = {code: value for code, value in everybody().items() if code != "born_on"} | {"chc": "eligible"}

    screened = screen_person(commissioner=commissioner("04C"), born_on=dt.date(1970, 6, 15), facts=facts, on=ON)

    assert screened.outcome == "right_to_have"
    presumed = {"diabetes": False, "services_not_working": False}
    assert json.loads(json.dumps(screened.facts)) == {**facts, **presumed, "born_on": "1970-06-15"}
    assert Answer.from_dict(json.loads(json.dumps(screened.answer))) == screened.result
    assert {"code": "national-chc", "number": 3} in screened.rule_versions


def test_facts_that_do_not_fit_are_refused():
    with pytest.raises(FactsRefused, match="Give one of eligible"):
        screen_person(commissioner=commissioner("04C"), born_on=None, facts={"chc": "perhaps"}, on=ON)


def test_setting_of_the_partnership_silences_the_fast_track_warning():
    facts = everybody() | {"chc": "eligible", "chc_fast_track": True}

    def warned():
        answer = rule_book(commissioner("04C"), ON).screen(facts=facts)
        return [warning.kind.value for warning in answer.warnings]

    assert warned() == ["fast_track"]
    CommissionerSettings.objects.update_or_create(
        commissioner=commissioner("LLR"), defaults={"is_fast_track_routinely_offered": True}
    )
    assert warned() == []


def test_rule_book_says_what_to_ask_next():
    book = rule_book(commissioner("04C"), ON)

    asked = book.next_questions(facts={**everybody(), "chc": None}, born_on=dt.date(1970, 6, 15))

    assert [fact.code for fact in asked] == ["chc"]


def test_rule_book_is_read_in_few_queries(django_assert_max_num_queries):
    leicester = commissioner("04C")

    with django_assert_max_num_queries(9):
        book = rule_book(leicester, ON)
    with django_assert_max_num_queries(0):
        assert book.screen(facts=everybody()).outcome is Outcome.NOT_OFFERED
