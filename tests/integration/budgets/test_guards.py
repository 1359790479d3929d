"""The database refuses by itself, by direct SQL, what would make a figure or an amount wrong."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pgtrigger
import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from budgets.enums import Funder, Method
from budgets.models import AgreedBudget, FundingShare, PersonalHealthBudget
from budgets.rules.agreement import Share
from offers.models import Cohort
from phb_register.models import Commissioner, CommissionerKind, Person
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db

AGREED, STARTED, ENDED = dt.date(2017, 1, 10), dt.date(2017, 2, 7), dt.date(2017, 6, 30)


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def chc() -> Cohort:
    return Cohort.objects.get(code="chc")


@pytest.fixture
def person(commissioner: Commissioner) -> Person:
    return PersonFactory(commissioner=commissioner)


@pytest.fixture
def phb(commissioner: Commissioner, chc: Cohort, person: Person) -> PersonalHealthBudget:
    return bare_budget(commissioner, cohort=chc, person=person, agreed_on=AGREED, started_on=STARTED)


@contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    """The block, and what it deferred to the commit, are refused by this constraint and no other."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():  # noqa: PT012  the block is the caller's
        yield
        settle()
    assert refusal.value.__cause__.diag.constraint_name == constraint


def settle() -> None:
    """Let the database check now what it would check at the commit."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def change(phb: PersonalHealthBudget, assignment: str, *values: object) -> None:
    sql(f"UPDATE budgets_personalhealthbudget SET {assignment} WHERE id = %s", *values, phb.pk)  # noqa: S608


def test_budget_as_the_factory_makes_it_passes(phb: PersonalHealthBudget) -> None:
    settle()


def test_start_before_the_agreement_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_starts_after_agreed"):
        change(phb, "started_on = %s", dt.date(2017, 1, 9))


def test_end_before_the_start_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_ends_after_start"):
        change(phb, "ended_on = %s, end_reason = 'died'", dt.date(2017, 2, 6))


def test_end_before_the_agreement_of_one_that_never_started_is_refused(commissioner: Commissioner, chc: Cohort) -> None:
    phb = bare_budget(commissioner, cohort=chc, agreed_on=AGREED)
    with refused_by("phb_ends_after_start"):
        change(phb, "ended_on = %s, end_reason = 'did_not_go_ahead'", dt.date(2017, 1, 9))


@pytest.mark.parametrize(
    "assignment",
    ["ended_on = '2017-06-30'", "end_reason = 'died'", "ended_on = '2017-06-30', end_reason = 'bored'"],
)
def test_end_without_its_reason_or_reason_without_its_end_is_refused(
    phb: PersonalHealthBudget, assignment: str
) -> None:
    with refused_by("phb_end_has_reason"):
        change(phb, assignment)


def test_negative_amount_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_amount_not_negative"):
        change(phb, "annual_amount = -0.01")
    with refused_by("phb_previous_not_negative"):
        change(phb, "previous_annual_amount = -0.01")


@pytest.mark.parametrize(
    ("agreed_on", "started_on", "ended_on"),
    [
        (AGREED, STARTED, None),
        (dt.date(2017, 6, 29), None, None),
        (dt.date(2016, 1, 1), dt.date(2016, 1, 1), dt.date(2017, 2, 8)),
        (dt.date(2016, 1, 1), dt.date(2016, 1, 1), None),
    ],
)
def test_overlap_of_one_person_in_one_cohort_is_refused(
    phb: PersonalHealthBudget, agreed_on: dt.date, started_on: dt.date | None, ended_on: dt.date | None
) -> None:
    change(phb, "ended_on = %s, end_reason = 'died'", ENDED)
    with refused_by("phb_one_at_a_time_in_cohort"):
        bare_budget(
            phb.commissioner,
            cohort=phb.cohort,
            person=phb.person,
            agreed_on=agreed_on,
            started_on=started_on,
            ended_on=ended_on,
        )


def test_budget_that_starts_on_the_day_another_ended_is_taken(phb: PersonalHealthBudget) -> None:
    change(phb, "ended_on = %s, end_reason = 'died'", ENDED)
    bare_budget(phb.commissioner, cohort=phb.cohort, person=phb.person, agreed_on=ENDED, started_on=ENDED)
    settle()


def test_budget_in_another_cohort_at_the_same_time_is_taken(phb: PersonalHealthBudget) -> None:
    wheelchair = Cohort.objects.get(code="wheelchair")
    bare_budget(phb.commissioner, cohort=wheelchair, person=phb.person, agreed_on=AGREED, started_on=STARTED)
    settle()


def test_overlap_made_by_a_later_update_is_refused(phb: PersonalHealthBudget) -> None:
    change(phb, "ended_on = %s, end_reason = 'died'", ENDED)
    bare_budget(phb.commissioner, cohort=phb.cohort, person=phb.person, agreed_on=ENDED, started_on=ENDED)
    settle()
    with refused_by("phb_one_at_a_time_in_cohort"):
        change(phb, "ended_on = %s", ENDED + dt.timedelta(days=1))


def test_same_method_twice_at_one_time_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("method_once_at_a_time"):
        sql(
            "INSERT INTO budgets_methodpart (phb_id, method, starts_on, annual_amount) VALUES (%s, 'notional', %s, 0)",
            phb.pk,
            dt.date(2018, 1, 1),
        )


def test_method_that_ends_before_it_starts_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("method_ends_after_start"):
        sql("UPDATE budgets_methodpart SET ends_on = %s WHERE phb_id = %s", dt.date(2017, 2, 6), phb.pk)


def test_methods_and_shares_are_never_deleted(phb: PersonalHealthBudget) -> None:
    for table in ("methodpart", "fundingshare"):
        with pytest.raises(InternalError, match="no_delete"), transaction.atomic():
            sql(f"DELETE FROM budgets_{table} WHERE phb_id = %s", phb.pk)  # noqa: S608


@pytest.mark.parametrize(
    "assignment",
    ["annual_amount = 999.99", "method = 'third_party'", "starts_on = '2017-02-08'", "phb_id = phb_id + 1"],
)
def test_part_of_a_budget_that_started_never_changes(phb: PersonalHealthBudget, assignment: str) -> None:
    with refused_by("method_closed_once"):
        sql(f"UPDATE budgets_methodpart SET {assignment} WHERE phb_id = %s", phb.pk)  # noqa: S608


def test_part_is_closed_once_and_never_opened_again(phb: PersonalHealthBudget) -> None:
    change(phb, "ended_on = %s, end_reason = 'died'", ENDED)
    sql("UPDATE budgets_methodpart SET ends_on = %s WHERE phb_id = %s", ENDED, phb.pk)
    for later in (None, ENDED + dt.timedelta(days=1)):
        with refused_by("method_closed_once"):
            sql("UPDATE budgets_methodpart SET ends_on = %s WHERE phb_id = %s", later, phb.pk)


def test_budget_whose_only_method_closes_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_methods_add_to_amount"):
        sql("UPDATE budgets_methodpart SET ends_on = '2018-01-01' WHERE phb_id = %s", phb.pk)


def test_amount_changes_only_with_an_agreed_budget(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_amount_is_agreed"):
        change(phb, "annual_amount = 1000.01")


@pytest.mark.parametrize("assignment", ["annual_amount = 1", "applies_from = '2017-01-11'", "number = 2"])
def test_agreed_budget_never_changes(phb: PersonalHealthBudget, assignment: str) -> None:
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        sql(f"UPDATE budgets_agreedbudget SET {assignment} WHERE phb_id = %s", phb.pk)  # noqa: S608
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        sql("DELETE FROM budgets_agreedbudget WHERE phb_id = %s", phb.pk)


@pytest.mark.parametrize(
    ("number", "applies_from", "constraint"),
    [
        (1, "2017-03-01", "agreed_budget_follows"),
        (3, "2017-03-01", "agreed_as_approved"),
        (2, "2017-03-01", "agreed_as_approved"),
    ],
)
def test_further_agreed_budget_follows_the_last_and_a_proposal(
    phb: PersonalHealthBudget, number: int, applies_from: str, constraint: str
) -> None:
    with refused_by(constraint):
        sql(
            "INSERT INTO budgets_agreedbudget (phb_id, number, applies_from, annual_amount, one_off_amount, "
            "one_off_method, reason, recorded_by_id, recorded_at) VALUES (%s, %s, %s, 1000, 0, '', '', %s, now())",
            phb.pk,
            number,
            applies_from,
            phb.agreed_by_id,
        )


def test_share_never_changes(phb: PersonalHealthBudget) -> None:
    for assignment in ("percent = 50", "funder = 'education', body_name = 'X'"):
        with refused_by("share_closed_once"):
            sql(f"UPDATE budgets_fundingshare SET {assignment} WHERE phb_id = %s", phb.pk)  # noqa: S608


def test_share_ends_only_when_the_next_agreed_budget_applies(phb: PersonalHealthBudget) -> None:
    with refused_by("share_until_the_next"):
        sql("UPDATE budgets_fundingshare SET ends_on = '2017-03-01' WHERE phb_id = %s", phb.pk)


def test_share_does_not_outlive_its_agreed_budget(phb: PersonalHealthBudget) -> None:
    with refused_by("share_until_the_next"), pgtrigger.ignore("budgets.AgreedBudget:agreed_as_approved"):
        agreed = AgreedBudget.objects.create(
            phb=phb, number=2, applies_from=STARTED, annual_amount=phb.annual_amount, recorded_by=phb.agreed_by
        )
        FundingShare.objects.create(
            phb=phb, agreed_budget=agreed, funder=Funder.NHS, percent=Decimal(100), starts_on=STARTED
        )


def add_share(phb: PersonalHealthBudget, percent: str, starts_on: dt.date = AGREED, body: str = "X") -> None:
    sql(
        "INSERT INTO budgets_fundingshare (phb_id, agreed_budget_id, funder, body_name, percent, starts_on) "
        "SELECT phb_id, id, 'education', %s, %s, %s FROM budgets_agreedbudget WHERE phb_id = %s",
        body,
        Decimal(percent),
        starts_on,
        phb.pk,
    )


@pytest.mark.parametrize(
    ("percent", "starts_on", "body", "constraint"),
    [
        ("1", AGREED, "X", "phb_shares_add_to_100"),
        ("1", STARTED, "X", "share_of_its_budget"),
        ("1", AGREED, "", "share_names_other_body"),
        ("0", AGREED, "X", "share_is_a_percentage"),
        ("100.01", AGREED, "X", "share_is_a_percentage"),
    ],
)
def test_share_added_by_itself_is_refused(
    phb: PersonalHealthBudget, percent: str, starts_on: dt.date, body: str, constraint: str
) -> None:
    with refused_by(constraint):
        add_share(phb, percent, starts_on, body)


@pytest.mark.parametrize(("nhs", "constraint"), [("99.99", "phb_shares_add_to_100"), ("0", "phb_has_nhs_share")])
def test_agreed_budget_without_whole_shares_is_refused(
    commissioner: Commissioner, chc: Cohort, nhs: str, constraint: str
) -> None:
    other = "Testing Council"
    shares = [Share(Funder.LOCAL_AUTHORITY, Decimal(100), other)] if nhs == "0" else [Share(Funder.NHS, Decimal(nhs))]
    with refused_by(constraint):
        bare_budget(commissioner, cohort=chc, agreed_on=AGREED, shares=shares)


def test_budget_of_a_partnership_is_refused(phb: PersonalHealthBudget) -> None:
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    with pytest.raises(IntegrityError, match="partnership"), transaction.atomic():
        change(phb, "commissioner_id = %s", partnership.pk)


def test_new_budget_of_a_body_that_had_closed_is_refused(chc: Cohort) -> None:
    closed = CommissionerFactory(closed_on=dt.date(2022, 6, 30))
    bare_budget(closed, cohort=chc, agreed_on=dt.date(2022, 6, 30))
    settle()
    with refused_by("phb_commissioner_open"):
        bare_budget(closed, cohort=chc, agreed_on=dt.date(2022, 7, 1))


def test_new_budget_of_a_body_that_had_not_opened_is_refused(chc: Cohort) -> None:
    icb = CommissionerFactory(opened_on=dt.date(2022, 7, 1))
    with refused_by("phb_commissioner_open"):
        bare_budget(icb, cohort=chc, agreed_on=dt.date(2022, 6, 30))


def test_budget_goes_on_when_its_body_closes(chc: Cohort) -> None:
    ccg = CommissionerFactory(closed_on=dt.date(2022, 6, 30))
    phb = bare_budget(ccg, cohort=chc, agreed_on=dt.date(2022, 6, 30))
    change(phb, "started_on = %s", dt.date(2022, 8, 1))
    settle()


def test_budget_from_a_referral_of_somebody_else_is_refused(
    phb: PersonalHealthBudget, commissioner: Commissioner
) -> None:
    with refused_by("phb_accepted_referral"):
        change(phb, "person_id = %s", PersonFactory(commissioner=commissioner).pk)


def test_second_budget_from_one_referral_is_refused(phb: PersonalHealthBudget) -> None:
    with pytest.raises(IntegrityError, match="referral_id"), transaction.atomic():
        PersonalHealthBudget.objects.create(
            person=phb.person,
            commissioner=phb.commissioner,
            cohort=Cohort.objects.get(code="s117"),
            referral=phb.referral,
            agreed_on=AGREED,
            agreed_by=phb.agreed_by,
            annual_amount=1,
        )


def test_budget_is_never_deleted(phb: PersonalHealthBudget) -> None:
    with pytest.raises(InternalError, match="phb_no_delete"), transaction.atomic():
        sql("DELETE FROM budgets_personalhealthbudget WHERE id = %s", phb.pk)


def test_raw_change_leaves_its_trace_and_the_trace_cannot_be_changed(phb: PersonalHealthBudget) -> None:
    change(phb, "is_fast_track = true")
    events = PersonalHealthBudget.pgh_event_model.objects.filter(pgh_obj_id=phb.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.is_fast_track) for event in events] == [("insert", False), ("update", True)]
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        events.update(is_fast_track=False)


def test_mixed_budget_has_several_parts_at_one_time(commissioner: Commissioner, chc: Cohort) -> None:
    phb = bare_budget(
        commissioner,
        cohort=chc,
        agreed_on=AGREED,
        started_on=STARTED,
        methods=(Method.NOTIONAL, Method.DIRECT_PAYMENT),
    )
    settle()
    assert phb.method_parts.count() == 2
