"""Every figure of money against the slow way to it, on small registers that Hypothesis makes up."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import (
    AgreedBudget,
    FundingShare,
    LedgerEntry,
    MethodPart,
    Offset,
    Payment,
    PaymentRun,
    PaymentSchedule,
    PersonalHealthBudget,
)
from budgets.rules.money import Money, accrued
from budgets.selectors.money import budgets_behind, glance_of, money_of, monthly_methods, period_of, pieces_of
from phb_register.dates import FinancialYear
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.integration.budgets import money_oracle as oracle
from tests.integration.budgets.money_oracle import DAY, Paid, Story

pytestmark = pytest.mark.django_db

YEAR = 2023  # a leap year: 366 days from 1 April 2023
FIRST = dt.date(2023, 4, 1)
METHODS = ("notional", "third_party", "direct_payment")
FIGURES = ("budget", "paid", "paid_for", "to_come", "recovered", "offsets")

amounts = st.decimals(min_value=1, max_value=90_000, places=2)
days = st.integers(-120, 480).map(lambda n: FIRST + DAY * n)


@st.composite
def stories(draw: Any) -> Story:
    agreed_on = draw(days)
    started = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda n: agreed_on + DAY * n)))
    ended = draw(st.one_of(st.none(), st.integers(0, 400).map(lambda n: (started or agreed_on) + DAY * n)))
    begins = started or agreed_on
    changed = draw(st.one_of(st.none(), st.integers(0, 200).map(lambda n: begins + DAY * n)))
    if changed is not None and ended is not None and changed > ended:
        changed = None
    before = draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=2, unique=True))
    parts = [(method, begins, changed or ended, draw(amounts)) for method in before]
    agreed = [(1, agreed_on, draw(st.sampled_from((Decimal(0), Decimal("612.33")))), before[0])]
    shares: list[Any] = [(agreed_on, changed, draw(st.sampled_from((Decimal(100), Decimal("66.67")))))]
    if changed is not None:
        after = draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=2, unique=True))
        parts += [(method, changed, ended, draw(amounts)) for method in after]
        agreed.append((2, changed, draw(st.sampled_from((Decimal(0), Decimal("99.01")))), after[0]))
        shares.append((changed, None, draw(st.sampled_from((Decimal(100), Decimal("50.05"))))))
    story = Story(
        cohort=draw(st.sampled_from((1, 2))),
        started=started,
        ended=ended,
        is_one_off=draw(st.integers(0, 4)) == 0,
        previous=draw(st.one_of(st.none(), amounts)),
        parts=parts,
        agreed=agreed,
        shares=shares,
    )
    if started is not None:
        story.payments = draw(st.lists(payments(begins), max_size=3))
        story.recoveries = draw(st.lists(recoveries(begins), max_size=2))
        story.offsets = draw(st.lists(offsets(begins), max_size=1))
        story.schedules = draw(st.lists(schedules(begins), max_size=2, unique_by=lambda each: each[1]))
    return story


@st.composite
def payments(draw: Any, begins: dt.date) -> Paid:
    first = begins + DAY * draw(st.integers(0, 400))
    last = first + DAY * draw(st.sampled_from((0, 6, 27, 30)))
    instalment = draw(st.decimals(min_value=1, max_value=3000, places=2))
    adjustment = draw(st.sampled_from((Decimal(0), Decimal("12.34"), Decimal("-0.99"))))
    paid = Paid(draw(st.sampled_from(METHODS)), first, last, instalment, adjustment, "included", True)
    paid.is_released = draw(st.integers(0, 5)) > 0
    if not paid.is_released:
        return paid
    day = first + DAY * draw(st.sampled_from((-10, 0, 31)))
    paid.entries.append(("payment", instalment + adjustment, day, None))
    if draw(st.integers(0, 3)) == 0:
        paid.entries.append(("offset", -min(instalment, Decimal("0.50")), day, None))
    if draw(st.integers(0, 3)) == 0:
        later = day + DAY * draw(st.sampled_from((0, 20, 90)))
        paid.entries.append(("reversal", -(instalment + adjustment), later, 0))
        paid.state = draw(st.sampled_from(("reversed", "returned")))
    return paid


@st.composite
def recoveries(draw: Any, begins: dt.date) -> tuple[str, Decimal, dt.date, bool]:
    day = begins + DAY * draw(st.integers(0, 500))
    return draw(st.sampled_from(METHODS)), -draw(amounts), day, False


@st.composite
def offsets(draw: Any, begins: dt.date) -> tuple[str, dt.date, Decimal, str]:
    day = begins + DAY * draw(st.integers(0, 400))
    method = draw(st.sampled_from(("third_party", "direct_payment")))
    return method, day, draw(amounts), draw(st.sampled_from(("approved", "proposed")))


@st.composite
def schedules(draw: Any, begins: dt.date) -> tuple[str, dt.date, str]:
    day = begins + DAY * draw(st.integers(-400, 500))
    return draw(st.sampled_from(METHODS)), day, draw(st.sampled_from(("weekly", "monthly", "monthly")))


@contextmanager
def written(register: list[Story]) -> Iterator[tuple[Any, list[PersonalHealthBudget]]]:
    """The rows of a register and nothing around them, with the guards asleep; gone afterwards."""
    with transaction.atomic():
        commissioner, user = CommissionerFactory(), UserFactory()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        run = {
            status: PaymentRun.objects.create(
                commissioner=commissioner, number=number, pays_on=FIRST, prepared_by=user, status="preparing"
            )
            for number, status in enumerate(("preparing", "abandoned"), start=1)
            if status == "preparing"
        }["preparing"]
        released = PaymentRun.objects.create(
            commissioner=commissioner, number=9, pays_on=FIRST, prepared_by=user, status="released",
            checked_by_id=0, released_by_id=0, checked_count=1, checked_amount=1, checked_totals={},
        )  # fmt: skip
        phbs = [_write(story, place, commissioner, user, (run, released)) for place, story in enumerate(register, 1)]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
        yield commissioner, phbs
        transaction.set_rollback(True)


def _write(story: Story, place: int, commissioner: Any, user: Any, runs: Any) -> PersonalHealthBudget:
    phb = PersonalHealthBudget.objects.create(
        person_id=place, commissioner=commissioner, cohort_id=story.cohort, referral_id=place, agreed_by=user,
        agreed_on=story.agreed[0][1], started_on=story.started, ended_on=story.ended,
        end_reason="died" if story.ended else "", annual_amount=0, previous_annual_amount=story.previous,
        is_one_off=story.is_one_off,
    )  # fmt: skip
    for method, since, until, annual in story.parts:
        MethodPart.objects.create(phb=phb, method=method, starts_on=since, ends_on=until, annual_amount=annual)
    for (number, since, once, method), (_, until, percent) in zip(story.agreed, story.shares, strict=True):
        agreed = AgreedBudget.objects.create(
            phb=phb, number=number, applies_from=since, annual_amount=0, one_off_amount=once,
            one_off_method=method if once else "", recorded_by=user,
        )  # fmt: skip
        FundingShare.objects.create(
            phb=phb, agreed_budget=agreed, funder="nhs", percent=percent, starts_on=since, ends_on=until
        )
        if percent != 100:
            FundingShare.objects.create(
                phb=phb, agreed_budget=agreed, funder="education", body_name="School", percent=100 - percent,
                starts_on=since, ends_on=until,
            )  # fmt: skip
    for number, paid in enumerate(story.payments):
        _pay(phb, paid, place * 100 + number, user, runs)
    for method, amount, day, _ in story.recoveries:
        _enter(phb, method, "recovery", amount, day, user)
    for method, day, often in story.schedules:
        PaymentSchedule.objects.create(
            phb=phb,
            method=method,
            frequency=often,
            starts_on=day,
            ends_on=day + DAY,
            made_by=user,
            provider_id=0 if method == "notional" else None,
        )
    for method, day, amount, status in story.offsets:
        Offset.objects.create(
            phb=phb, method=method, pays_on=day, payment_due=amount, amount=amount, reason="For a test", status=status,
            proposed_on=day, proposed_by=user,
            approved_on=day if status == "approved" else None, approved_by_id=0 if status == "approved" else None,
        )  # fmt: skip
    return phb


def _pay(phb: PersonalHealthBudget, paid: Paid, number: int, user: Any, runs: Any) -> None:
    due = paid.instalment + paid.adjustment
    payment = Payment.objects.create(
        run=runs[paid.is_released], number=number, schedule_id=number, phb=phb, method=paid.method,
        period_first=paid.first, period_last=paid.last, due_on=paid.first, instalment_amount=paid.instalment,
        adjustment_amount=paid.adjustment, amount=due, payee_name="Somebody", state=paid.state,
    )  # fmt: skip
    entries: list[LedgerEntry] = []
    for kind, amount, day, reverses in paid.entries:
        of = None if reverses is None else entries[reverses]
        entries.append(_enter(phb, paid.method, kind, amount, day, user, payment=payment, reverses=of))


def _enter(
    phb: PersonalHealthBudget, method: str, kind: str, amount: Decimal, day: dt.date, user: Any, **more: Any
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        phb=phb, commissioner_id=phb.commissioner_id, method=method, kind=kind, amount=amount, entered_on=day,
        entered_by=user, key=uuid.uuid4(), **more,
    )  # fmt: skip


def as_oracle(found: tuple[Money, Money]) -> dict[str, Decimal]:
    names = ("budget", "paid", "paid_for", "to_come", "recovered", "offsets_to_come")
    whole, nhs = found
    given = {figure: getattr(whole, name) for figure, name in zip(FIGURES, names, strict=True)}
    return given | {f"{figure}_nhs": getattr(nhs, name) for figure, name in zip(FIGURES, names, strict=True)}


class TestMoneyAgainstTheSlowWay(TestCase):
    # Over on its first day, with money still to be set off: it is in the forecast, so it is in the list behind it.
    @example(
        register=[
            Story(
                cohort=1,
                started=FIRST,
                ended=FIRST,
                is_one_off=True,
                previous=None,
                parts=[("notional", FIRST, FIRST, Decimal("1.00"))],
                agreed=[(1, FIRST, Decimal(0), "notional")],
                shares=[(FIRST, None, Decimal(100))],
                offsets=[("third_party", FIRST, Decimal("1.00"), "approved")],
            )
        ],
        today=FIRST,
    )
    @settings(max_examples=25)
    @given(register=st.lists(stories(), min_size=1, max_size=3), today=days)
    def test_every_figure_of_every_method_is_the_naive_one_and_parts_add_to_totals(
        self, register: list[Story], today: dt.date
    ) -> None:
        period = period_of(YEAR, max(today, FIRST))
        expected = [oracle.money(story, YEAR, period.as_at) for story in register]
        with written(register) as (commissioner, phbs):
            found = money_of([phb.pk for phb in phbs], period)
            glance = glance_of(commissioner, period)
            behind = set(budgets_behind(glance.ids, period).values_list("pk", flat=True))
            year = FinancialYear(YEAR)
            pieces = {phb.pk: (pieces_of(phb, year), monthly_methods(phb, year)) for phb in phbs}
        for phb, story, figures in zip(phbs, register, expected, strict=True):
            of_phb = {method: as_oracle(both) for method, both in found.get(phb.pk, {}).items()}
            assert {method: each for method, each in of_phb.items() if any(each.values())} == figures, story
            whole = sum((each["budget"] for each in figures.values()), Decimal(0))
            held, monthly = pieces[phb.pk]
            assert accrued(held, year, year.end, monthly) == whole
            assert (phb.pk in behind) or not figures
        self._check_cells(glance, register, expected)
        self._check_savings(glance, register, expected)

    def _check_cells(self, glance: Any, register: list[Story], expected: list[Any]) -> None:
        sums: dict[Any, dict[str, Decimal]] = {}
        for story, figures in zip(register, expected, strict=True):
            for method, each in figures.items():
                cell = sums.setdefault((story.cohort, method), dict.fromkeys(each, Decimal(0)))
                for name, amount in each.items():
                    cell[name] += amount
        cells = {key: as_oracle((cell.whole, cell.nhs)) for key, cell in glance.cells.items()}
        assert {key: each for key, each in cells.items() if any(each.values())} == sums
        for (cohort, method), cell in glance.cells.items():
            for place, name in enumerate(FIGURES):
                behind = [
                    1 for story, figures in zip(register, expected, strict=True)
                    if story.cohort == cohort and figures.get(method, {}).get(name)
                ]  # fmt: skip
                assert list(cell.behind.values())[place] == len(behind)

    def _check_savings(self, glance: Any, register: list[Story], expected: list[Any]) -> None:
        lived = [
            (story, figures) for story, figures in zip(register, expected, strict=True)
            if any(oracle.in_place(story, day) for day in oracle.days_of(YEAR))
        ]  # fmt: skip
        for cohort, saving in glance.savings.items():
            of = [(story, figures) for story, figures in lived if story.cohort == cohort]
            known = [(oracle.replaced(story, YEAR), figures) for story, figures in of]
            cost = Decimal(0)
            for before, figures in known:
                if before is not None:
                    for each in figures.values():
                        cost += each["paid_for"] + each["to_come"] - each["recovered"] - each["offsets"]
            packages = [before for before, _ in known if before is not None]
            assert (saving.replaced, saving.forecast) == (sum(packages, Decimal(0)), cost)
            assert (saving.budgets, saving.unknown) == (len(packages), len(known) - len(packages))
            assert glance.budgets[cohort] == len(of)
        assert sum(glance.budgets.values()) == len(lived)
