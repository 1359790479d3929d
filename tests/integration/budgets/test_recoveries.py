"""Money asked back under regulation 15: its notice, who approves, what comes back, and what the database refuses."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.enums import EndReason, Method
from budgets.exceptions import BudgetRefused
from budgets.models import LedgerEntry, Offset, Recovery, RecoveryNotice
from budgets.rules.offsets import OffsetStatus, PaymentDue
from budgets.rules.recovery_states import PayerKind, RecoveryReason, RecoveryStatus
from budgets.rules.surplus import SurplusDecision
from budgets.selectors.monitoring import open_recoveries, surplus_of
from budgets.selectors.offsets import approved_between
from budgets.selectors.recoveries import outstanding_of, steps_for
from budgets.services import recoveries as service
from budgets.services import recovery_money as money
from budgets.services.ending import end_budget
from budgets.services.monitoring import extend_returns
from budgets.services.monitoring_returns import receive_return
from budgets.services.offsets import apply_offsets, approve_offset, propose_offsets, withdraw_offset
from budgets.services.surplus import decide_surplus
from phb_register.models import Commissioner, User
from tests.factories.eligibility import make_team
from tests.factories.monitoring import ADDRESS, make_direct_payment, make_recovery, make_schedule, two_who_monitor
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def two(commissioner: Commissioner) -> tuple[User, User]:
    return two_who_monitor(commissioner)


@pytest.fixture
def noticed(commissioner: Commissioner, two: tuple[User, User]) -> Recovery:
    """£300 asked back, of which notice was given on the day it was drafted."""
    recovery = make_recovery(make_direct_payment(commissioner), by=two[0])
    service.give_notice(recovery=recovery, address=ADDRESS, by=two[0], on=OCTOBER)
    recovery.refresh_from_db()
    return recovery


def repay(recovery: Recovery, amount: str, by: User, key: uuid.UUID | None = None):
    return money.record_repayment(
        recovery=recovery, amount=Decimal(amount), received_on=OCTOBER, by=by, key=key or uuid.uuid4()
    )


def test_case_38_holder_dies_with_money_unspent_and_the_personal_representatives_must_repay(commissioner, two):
    team, finance = two
    schedule = make_schedule(commissioner, by=team)
    end_budget(phb=schedule.phb, by=team, ended_on=dt.date(2026, 5, 11), reason=EndReason.DIED)
    phb = schedule.phb
    phb.refresh_from_db()
    phb.person.refresh_from_db()
    assert phb.end_reason == EndReason.DIED
    assert phb.person.died_on is not None
    extend_returns(until=dt.date(2026, 5, 20))
    receive_return(
        monitoring_return=schedule.returns.get(), closing_balance=Decimal("1200.00"), by=team, on=dt.date(2026, 6, 1)
    )
    unspent = surplus_of(phb, dt.date(2026, 6, 1))
    assert (unspent.balance, unspent.is_over) == (Decimal("1200.00"), True)
    surplus = unspent.monitoring_return.surplus
    decide_surplus(surplus=surplus, decision=SurplusDecision.RECOVER, reason="The person died", by=team)
    asked = {
        "phb": phb, "reason": RecoveryReason.DEATH, "amount": unspent.balance, "by": team, "surplus": surplus,
        "repay_by": dt.date(2026, 9, 1), "on": dt.date(2026, 6, 2), "payer_name": "The executors of the estate",
        "reasons": "The person died on 11 May 2026. What was not spent belongs to the NHS.",
    }  # fmt: skip
    with pytest.raises(BudgetRefused, match=r"personal representatives.*regulation 15"):
        service.open_recovery(**asked, payer_kind=PayerKind.PERSON)
    recovery = service.open_recovery(**asked, payer_kind=PayerKind.PERSONAL_REPRESENTATIVES)
    service.approve_recovery(recovery=recovery, by=finance, on=dt.date(2026, 6, 3))
    notice = service.give_notice(recovery=recovery, address=ADDRESS, by=team, on=dt.date(2026, 6, 3))
    # The four things that a notice must say, in its record and in its letter.
    assert notice.amount == Decimal("1200.00")
    assert notice.repay_by == dt.date(2026, 9, 1)
    assert notice.reasons.startswith("The person died")
    assert (notice.payer_kind, notice.payer_name) == ("personal_representatives", "The executors of the estate")
    for said in ("£1,200.00", "1 September 2026", notice.reasons, "The executors of the estate"):
        assert said in notice.body
    assert open_recoveries(phb) == [recovery]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reasons": " "}, "reasons"),
        ({"amount": Decimal(0)}, "amount"),
        ({"repay_by": OCTOBER}, "repay_by"),
        ({"payer_name": ""}, "payer_name"),
        ({"reason": "no such"}, "reason"),
    ],
)
def test_recovery_without_one_of_the_four_things_is_refused(commissioner, two, wrong, field):
    with pytest.raises(BudgetRefused) as caught:
        make_recovery(make_direct_payment(commissioner), by=two[0], **wrong)
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("reasons = ''", "recovery_notice_reasons"),
        ("amount = 0", "recovery_notice_amount"),
        ("repay_by = given_on", "recovery_notice_time"),
        ("payer_name = ''", "recovery_notice_person"),
    ],
)
def test_notice_without_one_of_the_four_things_is_refused_by_the_database(noticed, change, name):
    column, value = change.split(" = ")
    columns = [field.column for field in RecoveryNotice._meta.concrete_fields if field.column != "id"]
    given = {"reference": "gen_random_uuid()", "number": "number + 1", column: value}
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO budgets_recoverynotice ({', '.join(columns)}) "  # noqa: S608  this model's own columns
            f"SELECT {', '.join(given.get(each, each) for each in columns)} FROM budgets_recoverynotice"
        )


def test_recovery_above_the_amount_needs_somebody_else_before_notice_is_given(commissioner, two):
    team, finance = two
    recovery = make_recovery(make_direct_payment(commissioner), by=team, amount=Decimal("500.01"))
    with pytest.raises(BudgetRefused, match="must approve"):
        service.give_notice(recovery=recovery, address=ADDRESS, by=team, on=OCTOBER)
    with pytest.raises(BudgetRefused, match="somebody else"):
        service.approve_recovery(recovery=recovery, by=team, on=OCTOBER)
    with pytest.raises(IntegrityError, match="approved_before_notice"), transaction.atomic():
        Recovery.objects.filter(pk=recovery.pk).update(status="notified")
    service.approve_recovery(recovery=recovery, by=finance, on=OCTOBER)
    assert service.give_notice(recovery=recovery, address=ADDRESS, by=team, on=OCTOBER).number == 1


def test_letter_changed_by_its_writer_still_says_the_four_things(commissioner, two):
    recovery = make_recovery(make_direct_payment(commissioner), by=two[0])
    with pytest.raises(BudgetRefused, match="the amount, the day to repay by"):
        service.give_notice(
            recovery=recovery, address=ADDRESS, by=two[0], on=OCTOBER, body=f"{recovery.reasons} Testa Kestrel"
        )


def test_notice_makes_one_pdf(noticed):
    notice = noticed.notices.get()
    made = service.make_notice_pdf(notice_id=notice.pk)
    assert bytes(made.pdf.content).startswith(b"%PDF")
    assert service.make_notice_pdf(notice_id=notice.pk).pdf_id == made.pdf_id


def test_repayments_settle_a_recovery_and_stand_in_the_ledger(noticed, two):
    key = uuid.uuid4()
    repay(noticed, "100.00", two[1], key)
    repay(noticed, "100.00", two[1], key)
    noticed.refresh_from_db()
    assert (noticed.status, outstanding_of(noticed)) == (RecoveryStatus.PART_REPAID, Decimal(200))
    with pytest.raises(BudgetRefused, match="no more than £200"):
        repay(noticed, "200.01", two[1])
    last = repay(noticed, "200.00", two[1])
    noticed.refresh_from_db()
    assert noticed.status == RecoveryStatus.REPAID
    money.reverse_repayment(repayment=last, reason="The cheque bounced", by=two[1])
    noticed.refresh_from_db()
    assert noticed.status == RecoveryStatus.PART_REPAID
    entries = LedgerEntry.objects.filter(phb=noticed.phb).order_by("pk").values_list("amount", flat=True)
    assert list(entries) == [Decimal(-100), Decimal(-200), Decimal(200)]


def test_recovery_is_not_settled_by_sql(noticed):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="is not repaid"), transaction.atomic():
        Recovery.objects.filter(pk=noticed.pk).update(status="repaid")
    with pytest.raises(IntegrityError, match="only by a reconsideration"), transaction.atomic():
        Recovery.objects.filter(pk=noticed.pk).update(amount=1)


def test_write_off_is_decided_by_somebody_else(noticed, two):
    team, finance = two
    repay(noticed, "100.00", team)
    proposed = money.propose_write_off(recovery=noticed, reason="Nothing in the estate", by=team)
    assert proposed.amount == Decimal(200)
    with pytest.raises(BudgetRefused, match="somebody else"):
        money.decide_write_off(recovery=noticed, is_approved=True, note="", by=team)
    done = money.decide_write_off(recovery=noticed, is_approved=True, note="", by=finance)
    assert (done.status, outstanding_of(done)) == (RecoveryStatus.WRITTEN_OFF, Decimal(0))


def test_notice_is_looked_at_again_by_somebody_who_had_no_part_in_it(noticed, two, commissioner):
    team, finance = two
    repay(noticed, "50.00", finance)
    money.ask_again(recovery=noticed, asked_by_name="Testa Kestrel", statement="My nurse agreed to it.", by=team)
    noticed.refresh_from_db()
    assert "decide_again" not in [step.action for step in steps_for(team, noticed)]
    with pytest.raises(BudgetRefused, match="somebody else"):
        money.decide_again(recovery=noticed, outcome="upheld", reasons="No", by=team)
    with pytest.raises(BudgetRefused, match="no more than £300"):
        money.decide_again(recovery=noticed, outcome="changed", amount=Decimal(301), reasons="x", by=finance)
    changed = money.decide_again(
        recovery=noticed, outcome="changed", amount=Decimal("120.00"), repay_by=dt.date(2027, 3, 1),
        reasons="Part was agreed.", address=ADDRESS, by=finance,
    )  # fmt: skip
    assert (changed.status, outstanding_of(changed)) == (RecoveryStatus.PART_REPAID, Decimal(70))
    assert [notice.amount for notice in changed.notices.all()] == [Decimal(300), Decimal(120)]
    money.ask_again(recovery=changed, asked_by_name="Testa Kestrel", statement="All of it was.", by=finance)
    gone = money.decide_again(recovery=changed, outcome="withdrawn", reasons="It was.", by=make_team(commissioner))
    assert (gone.status, outstanding_of(gone)) == (RecoveryStatus.WITHDRAWN, Decimal(-50))
    money.reverse_repayment(repayment=gone.repayments.get(), reason="Given back", by=finance)
    assert outstanding_of(gone) == 0


PAYMENTS = [PaymentDue(dt.date(2027, 1, 4), Decimal("1600.00")), PaymentDue(dt.date(2027, 2, 1), Decimal("1600.00"))]


def test_offset_is_spread_approved_by_another_and_never_above_a_payment(commissioner, two):
    team, finance = two
    phb = make_direct_payment(commissioner)
    asked = {"phb": phb, "method": Method.DIRECT_PAYMENT, "payments": PAYMENTS, "reason": "Unspent", "by": team}
    with pytest.raises(BudgetRefused, match=r"no more than £3,200.00.*regulation 13\(4\)"):
        propose_offsets(amount=Decimal("3200.01"), **asked)
    first, second = propose_offsets(amount=Decimal("2000.00"), **asked)
    assert (first.amount, second.amount) == (Decimal(1600), Decimal(400))
    with pytest.raises(BudgetRefused, match="already"):
        propose_offsets(amount=Decimal(1), **asked)
    with pytest.raises(BudgetRefused, match="somebody else"):
        approve_offset(offset=first, by=team)
    approve_offset(offset=first, by=finance)
    withdraw_offset(offset=second, reason="Enough", by=team)
    found = approved_between([phb.pk], dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert found == {(phb.pk, "direct_payment", dt.date(2027, 1, 4)): first}
    apply_offsets(applied={first.pk: Decimal("1500.00")}, on=dt.date(2027, 1, 4), by=finance)
    first.refresh_from_db()
    assert (first.status, first.applied_amount) == (OffsetStatus.APPLIED, Decimal(1500))
    with pytest.raises(BudgetRefused, match="Prepare the run again"):
        apply_offsets(applied={first.pk: Decimal(1)}, on=dt.date(2027, 1, 4), by=finance)


def test_offset_above_its_payment_is_refused_by_the_database(commissioner, two):
    with pytest.raises(IntegrityError, match="never_above_payment"), transaction.atomic():
        Offset.objects.create(
            phb=make_direct_payment(commissioner), method="direct_payment", pays_on=dt.date(2027, 1, 4),
            payment_due=Decimal(10), amount=Decimal("10.01"), reason="x", proposed_on=OCTOBER, proposed_by=two[0],
        )  # fmt: skip


STEPS = ["repay", "reverse", "propose", "approve", "refuse"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["repay", "reverse", "propose", "approve", "refuse"]), st.integers(1, 200)),
        max_size=8,
    )
)
def test_recovery_after_any_steps_owes_the_notice_less_what_came_and_what_was_written_off(noticed, two, steps):
    team, finance = two
    repaid, written_off = [], Decimal(0)
    savepoint = transaction.savepoint()
    for action, pounds in steps:
        try:
            if action == "repay":
                repaid.append(repay(noticed, str(pounds), team))
            elif action == "reverse" and repaid:
                money.reverse_repayment(repayment=repaid[-1], reason="Bounced", by=team)
                repaid.pop()
            elif action == "propose":
                money.propose_write_off(recovery=noticed, reason="Gone", by=team)
            elif action in ("approve", "refuse"):
                left = outstanding_of(noticed)
                done = money.decide_write_off(
                    recovery=noticed, is_approved=action == "approve", note="Because", by=finance
                )
                written_off += left if done.status == RecoveryStatus.WRITTEN_OFF else 0
        except BudgetRefused:
            continue
    expected = Decimal(300) - sum((each.amount for each in repaid), Decimal(0)) - written_off
    noticed.refresh_from_db()
    assert outstanding_of(noticed) == expected >= 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    transaction.savepoint_rollback(savepoint)
