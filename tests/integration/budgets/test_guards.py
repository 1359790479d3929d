"""The database refuses by itself, by direct SQL, what would make a figure or an amount wrong."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from budgets.enums import Method
from budgets.models import PersonalHealthBudget
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
    with refused_by("method_amount_not_negative"):
        sql("UPDATE budgets_methodpart SET annual_amount = -1 WHERE phb_id = %s", phb.pk)


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


def test_budget_whose_last_method_is_deleted_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_has_a_method"):
        sql("DELETE FROM budgets_methodpart WHERE phb_id = %s", phb.pk)


def test_methods_that_do_not_add_to_the_annual_amount_are_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_methods_add_to_amount"):
        sql("UPDATE budgets_methodpart SET annual_amount = 999.99 WHERE phb_id = %s", phb.pk)
    with refused_by("phb_methods_add_to_amount"):
        change(phb, "annual_amount = 1000.01")
    with refused_by("phb_methods_add_to_amount"):
        sql("UPDATE budgets_methodpart SET ends_on = '2018-01-01' WHERE phb_id = %s", phb.pk)


@pytest.mark.parametrize("percent", ["99.99", "50"])
def test_shares_that_do_not_add_to_100_are_refused(phb: PersonalHealthBudget, percent: str) -> None:
    with refused_by("phb_shares_add_to_100"):
        sql("UPDATE budgets_fundingshare SET percent = %s WHERE phb_id = %s", Decimal(percent), phb.pk)


def test_share_added_beyond_100_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_shares_add_to_100"):
        sql(
            "INSERT INTO budgets_fundingshare (phb_id, funder, body_name, percent) VALUES (%s, 'education', 'X', 1)",
            phb.pk,
        )


def test_share_deleted_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_shares_add_to_100"):
        sql("DELETE FROM budgets_fundingshare WHERE phb_id = %s", phb.pk)


def test_share_moved_to_another_budget_is_refused(phb: PersonalHealthBudget, commissioner: Commissioner) -> None:
    other = bare_budget(commissioner, cohort=phb.cohort, agreed_on=AGREED)
    with refused_by("phb_shares_add_to_100"):
        sql("UPDATE budgets_fundingshare SET phb_id = %s, body_name = 'X' WHERE phb_id = %s", other.pk, phb.pk)


def test_shares_without_the_nhs_are_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("phb_has_nhs_share"):
        sql(
            "UPDATE budgets_fundingshare SET funder = 'local_authority', body_name = 'X' WHERE phb_id = %s",
            phb.pk,
        )


def test_shares_may_change_together_in_one_transaction(phb: PersonalHealthBudget) -> None:
    with transaction.atomic():
        sql("UPDATE budgets_fundingshare SET percent = 60 WHERE phb_id = %s", phb.pk)
        sql(
            "INSERT INTO budgets_fundingshare (phb_id, funder, body_name, percent) "
            "VALUES (%s, 'local_authority', 'Testing Council', 40)",
            phb.pk,
        )
        settle()


def test_share_of_nobody_named_is_refused(phb: PersonalHealthBudget) -> None:
    with refused_by("share_names_other_body"):
        sql("UPDATE budgets_fundingshare SET funder = 'education' WHERE phb_id = %s", phb.pk)


@pytest.mark.parametrize("percent", ["0", "-5", "100.01"])
def test_share_outside_0_to_100_is_refused(phb: PersonalHealthBudget, percent: str) -> None:
    with refused_by("share_is_a_percentage"):
        sql("UPDATE budgets_fundingshare SET percent = %s WHERE phb_id = %s", Decimal(percent), phb.pk)


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
