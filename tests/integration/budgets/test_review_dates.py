"""The day on which a review falls due, kept by the database, beside the rule worked out for each budget anew."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import BudgetSettings, LedgerEntry, PersonalHealthBudget, Review, ReviewDue
from budgets.rules.reviews import add_months
from budgets.selectors.reviews import next_due
from budgets.services.review_dates import reconcile
from offers.models import Cohort
from phb_register.models import Commissioner, PartnershipMember, Succession
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

DAYS = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2026, 10, 31))
#: What happens to a budget, one after another, each with its day.
HAPPENINGS = st.lists(
    st.tuples(st.sampled_from(["notional payment", "direct payment", "review", "correction", "settings"]), DAYS),
    max_size=6,
)


@pytest.fixture
def payments_without_runs():
    """A bare row stands for a payment: a run for each would take too long. Undone with the rest of the test."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budgets_ledgerentry DROP CONSTRAINT ledger_payment_names_it")


def in_place(commissioner, started_on, **given):
    chc = Cohort.objects.get(code="chc")
    return bare_budget(commissioner, cohort=chc, agreed_on=started_on, started_on=started_on, **given)


def pay(phb, on, by, method="notional"):
    LedgerEntry.objects.create(
        phb=phb,
        commissioner=phb.commissioner,
        method=method,
        kind="payment",
        amount=Decimal(100),
        entered_on=on,
        entered_by=by,
        key=uuid.uuid4(),
    )


def held(phb, on, by, corrects=None, due_on=None):
    """The bare row of a review."""
    number = Review.objects.filter(phb=phb).count() + 1
    return Review.objects.create(
        phb=phb,
        number=number,
        corrects=corrects,
        kind="annual",
        due_on=due_on or on,
        held_on=on,
        held_by=by,
        way="phone",
        is_plan_right=True,
        is_used_well=True,
        is_amount_enough=True,
        is_complied_with=True,
        outcomes=["continue"],
        next_due_on=on + dt.timedelta(days=365),
        completed_on=dt.date(2026, 11, 1),
        completed_by=by,
    )


def naive_due(started_on, happened):
    """By when it is due, from the whole story, in the plainest way: no helper of the product but the calendar."""
    reviews = []
    for what, day in happened:
        if what == "review" and day >= started_on:
            reviews.append(day)
        elif what == "correction" and reviews and day >= started_on:
            reviews[-1] = day
    payments = [day for what, day in happened if what.endswith("payment")]
    directs = [day for what, day in happened if what == "direct payment"]
    recorded = [day for what, day in happened if what == "settings"]
    limits = []
    for begins in ([min(payments)] if payments else [started_on]) + ([min(directs)] if directs else []):
        if not [day for day in reviews if day >= begins]:
            limits.append(add_months(begins, 3))
    if reviews:
        limits.append(add_months(max(reviews), 12))
    elif recorded:
        # Nobody knows of reviews before: the yearly ones until recording began are taken as held.
        first = add_months(min(payments) if payments else started_on, 3)
        later = [limit for limit in limits if limit >= recorded[-1]]
        year = 0
        while add_months(first, 12 * year) < recorded[-1]:
            year += 1
        limits = [*later, add_months(first, 12 * year)]
    return min(limits)


@pytest.mark.usefixtures("payments_without_runs")
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(started_on=DAYS, happened=HAPPENINGS)
def test_due_date_is_right_after_any_history(started_on, happened):
    with transaction.atomic():
        commissioner, by = CommissionerFactory(), UserFactory()
        phb = in_place(commissioner, started_on, by=by)
        latest = None
        for what, day in happened:
            if what.endswith("payment"):
                pay(phb, day, by, "direct_payment" if what == "direct payment" else "notional")
            elif what == "settings":
                BudgetSettings.objects.update_or_create(
                    commissioner=commissioner, defaults={"reviews_recorded_from": day}
                )
            elif day >= started_on and (what == "review" or latest):
                latest = held(phb, day, by, corrects=latest if what == "correction" else None)
        assert ReviewDue.objects.get(phb=phb).due_on == next_due(phb) == naive_due(started_on, happened)
        # Worked out anew for every budget, nothing differs.
        assert reconcile() == 0
        transaction.set_rollback(True)


def test_budget_is_due_from_the_day_it_starts_until_it_ends():
    phb = bare_budget(CommissionerFactory(), cohort=Cohort.objects.get(code="chc"), agreed_on=dt.date(2026, 1, 5))
    assert next_due(phb) is None
    phb.started_on = dt.date(2026, 2, 1)
    phb.save()
    assert next_due(phb) == dt.date(2026, 5, 1)
    assert ReviewDue.objects.overdue_on(dt.date(2026, 5, 2)).get().phb == phb
    assert not ReviewDue.objects.overdue_on(dt.date(2026, 5, 1)).exists()
    PersonalHealthBudget.objects.filter(pk=phb.pk).update(ended_on=dt.date(2026, 6, 1), end_reason="died")
    assert next_due(phb) is None
    assert not ReviewDue.objects.open().exists()


@pytest.mark.usefixtures("payments_without_runs")
def test_case_34_in_the_database():
    by = UserFactory()
    phb = in_place(CommissionerFactory(), dt.date(2016, 10, 3), by=by)
    pay(phb, dt.date(2016, 11, 30), by, "direct_payment")
    assert next_due(phb) == dt.date(2017, 2, 28)
    held(phb, dt.date(2017, 2, 20), by)
    assert next_due(phb) == dt.date(2018, 2, 20)
    assert not ReviewDue.objects.overdue_on(dt.date(2018, 2, 20)).exists()
    assert ReviewDue.objects.overdue_on(dt.date(2018, 2, 21)).exists()


def test_settings_of_a_partnership_hold_for_its_member_and_whom_it_succeeded():
    ccg = CommissionerFactory(kind="ccg", closed_on=dt.date(2022, 6, 30))
    icb = CommissionerFactory(kind="icb", opened_on=dt.date(2022, 7, 1))
    Succession.objects.create(predecessor=ccg, successor=icb, took_effect_on=dt.date(2022, 7, 1))
    partnership = Commissioner.objects.create(
        code="TPART", name="Testing partnership", kind="partnership", opened_on=dt.date(2015, 1, 1)
    )
    phb = in_place(ccg, dt.date(2019, 5, 10))
    assert next_due(phb) == dt.date(2019, 8, 10)
    settings_row = BudgetSettings.objects.create(commissioner=partnership, reviews_recorded_from=dt.date(2026, 9, 1))
    assert next_due(phb) == dt.date(2019, 8, 10)
    # Nobody wrote a budget or a setting, so the nightly run finds it.
    PartnershipMember.objects.create(partnership=partnership, member=icb, starts_on=dt.date(2022, 7, 1))
    assert reconcile() == 1
    assert next_due(phb) == dt.date(2027, 8, 10)
    settings_row.reviews_recorded_from = dt.date(2026, 6, 1)
    settings_row.save()
    assert next_due(phb) == dt.date(2026, 8, 10)
    # A setting of its own comes before the partnership's, also an empty one.
    BudgetSettings.objects.create(commissioner=icb)
    assert next_due(phb) == dt.date(2019, 8, 10)


def test_nightly_run_puts_right_what_was_written_past_the_triggers():
    phb = in_place(CommissionerFactory(), dt.date(2026, 2, 1))
    ReviewDue.objects.filter(phb=phb).update(last_held_on=dt.date(2026, 9, 1))
    assert next_due(phb) == dt.date(2027, 9, 1)
    assert reconcile() == 1
    assert next_due(phb) == dt.date(2026, 5, 1)


@pytest.mark.parametrize("held_on", [dt.date(2026, 1, 31), dt.date(2026, 6, 2)])
def test_database_refuses_a_review_outside_the_budget(held_on):
    phb = in_place(CommissionerFactory(), dt.date(2026, 2, 1), ended_on=dt.date(2026, 6, 1))
    with pytest.raises(IntegrityError, match="in place"), transaction.atomic():
        held(phb, held_on, UserFactory())


def test_database_refuses_to_change_a_review():
    review = held(in_place(CommissionerFactory(), dt.date(2026, 2, 1)), dt.date(2026, 4, 1), UserFactory())
    for statement in ("UPDATE budgets_review SET held_on = held_on", "DELETE FROM budgets_review"):
        with pytest.raises(Exception, match="annot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [review.pk])
