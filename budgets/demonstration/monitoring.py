"""The demonstration's monitoring: returns with statements, surpluses on each side of the threshold, an offset, and a
recovery after a death. Safe to run again: what has a schedule of returns is left alone.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from budgets.enums import EndReason, Method
from budgets.models import LedgerEntry, MatchingRule, MonitoringReturn, PersonalHealthBudget, ReturnSchedule, Surplus
from budgets.rules.monitoring_states import ReturnStatus, RiskLevel
from budgets.rules.recovery_states import PayerKind, RecoveryReason
from budgets.rules.surplus import SurplusDecision
from budgets.selectors.monitoring import first_paid_on, weekly_amount_on
from budgets.selectors.offsets import coming_payments
from budgets.selectors.statements import layout_owner, unmatched_lines
from budgets.services.matching import Said, accept_suggestions, keep_rule, match_lines, see_receipts
from budgets.services.monitoring import extend_returns, start_monitoring
from budgets.services.monitoring_returns import receive_return, reconcile_return
from budgets.services.offsets import approve_offset, propose_offsets
from budgets.services.recoveries import approve_recovery, give_notice, open_recovery
from budgets.services.recovery_money import record_repayment
from budgets.services.statements import read_statement, store_statement
from budgets.services.surplus import decide_surplus, ring_fence
from phb_register import clock
from phb_register.models import User

from .fully_run import COMMISSIONER, fully_run

TEAM, FINANCE = "team@llr.example.nhs.uk", "finance@llr.example.nhs.uk"
LONGEST_BACK = dt.timedelta(days=240)
LEVELS = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)
#: Weeks unspent at the end of the latest return, of the first budgets; the rest keep two.
WEEKS_LEFT = (Decimal(9), Decimal(8), Decimal(10), Decimal(12))
RING_FENCED, OFFSET = 2, 3
#: The others are paid and nobody monitors them yet, as a worklist says.
MONITORED = 8
NAMESPACE = uuid.UUID("5f0c6b1e-58d4-4c1b-8f43-0c2f6a8a9d11")
RULES = (
    ("wages", False, "plan", "personal_assistant"),
    ("hmrc", False, "plan", "employing"),
    ("payroll bureau", False, "plan", "employing"),
    ("nhs direct payment", True, "payment", ""),
)


def load(progress: Callable[[int, int], None]) -> None:
    """Make what is not there yet."""
    users = {user.email: user for user in User.objects.filter(email__in=[TEAM, FINANCE])}
    if len(users) < 2:
        return
    today = clock.today()
    phbs = fully_run(Method.DIRECT_PAYMENT, today)[:MONITORED]
    for done, phb in enumerate(phbs, start=1):
        if not ReturnSchedule.objects.filter(phb=phb).exists():
            with transaction.atomic():
                _monitored(phb, done - 1, users[TEAM], users[FINANCE], today)
        progress(done, len(phbs) + 1)
    with transaction.atomic():
        _after_a_death(users[TEAM], users[FINANCE], today)
    progress(len(phbs) + 1, len(phbs) + 1)


def _monitored(phb: PersonalHealthBudget, place: int, team: User, finance: User, today: dt.date) -> None:
    """One direct payment with its returns: the earlier ones reconciled, the latest as its place in the story has it."""
    first = first_paid_on(phb, Method.DIRECT_PAYMENT) or today - LONGEST_BACK
    starts_on = max(first, today - LONGEST_BACK, phb.started_on or phb.agreed_on)
    if starts_on > today - dt.timedelta(days=30):
        return
    schedule = start_monitoring(
        phb=phb,
        method=Method.DIRECT_PAYMENT,
        risk_level=LEVELS[place % len(LEVELS)],
        starts_on=starts_on,
        reason="The first year of employing personal assistants",
        by=team,
        on=starts_on,
    )
    extend_returns(until=today)
    over = list(schedule.returns.filter(last_on__lt=today - dt.timedelta(days=7)).order_by("number"))
    # One budget whose returns do not come.
    if place == len(WEEKS_LEFT):
        return
    for found in over:
        is_latest = found == over[-1]
        left = WEEKS_LEFT[place] if is_latest and place < len(WEEKS_LEFT) else Decimal(2)
        _received(found, left, team, today)
        if not is_latest or place > len(WEEKS_LEFT) + 1:
            _reconciled(found, team, today)
    latest = Surplus.objects.filter(monitoring_return__schedule=schedule).order_by("-monitoring_return__number").first()
    if latest is not None and place == RING_FENCED:
        _ring_fenced(phb, latest, team)
    if latest is not None and place == OFFSET and latest.is_over:
        _set_off(phb, latest, team, finance, today)


def _received(found: MonitoringReturn, weeks_left: Decimal, team: User, today: dt.date) -> None:
    """A statement of the period, which ends with so many weeks unspent."""
    phb, method = found.schedule.phb, found.schedule.method
    weekly = weekly_amount_on(phb, method, found.last_on)
    content = _statement(found, weekly * weeks_left)
    for contains, is_money_in, match, category in RULES:
        owner = layout_owner(found)
        if not MatchingRule.objects.filter(commissioner=owner, contains=contains, is_in_use=True).exists():
            keep_rule(
                commissioner=owner,
                contains=contains,
                is_money_in=is_money_in,
                match=match,
                category=category,
                by=team,
            )
    arrived = min(today, found.last_on + dt.timedelta(days=12))
    draft = read_statement(monitoring_return=found, content=content, by=team, received_on=arrived)
    store_statement(monitoring_return=found, key=draft.key, by=team)
    found.refresh_from_db()
    accept_suggestions(monitoring_return=found, by=team, on=arrived)


def _statement(found: MonitoringReturn, closing: Decimal) -> bytes:
    """A bank's file: what the ledger paid came in, wages and tax went out, and ``closing`` is left."""
    schedule = found.schedule
    entries = LedgerEntry.objects.filter(
        phb=schedule.phb,
        method=schedule.method,
        payment__isnull=False,
        entered_on__range=(found.first_on, found.last_on),
    )
    paid: dict[dt.date, Decimal] = {}
    for entry in entries:
        paid[entry.entered_on] = paid.get(entry.entered_on, Decimal(0)) + entry.amount
    before = MonitoringReturn.objects.filter(schedule=schedule, number=found.number - 1).first()
    balance = (before.closing_balance if before else None) or Decimal(0)
    if not paid:
        # Paid before this register knew of payments.
        paid = {found.first_on: closing - balance + Decimal(600)}
    moves = [(day, "NHS DIRECT PAYMENT", amount) for day, amount in sorted(paid.items()) if amount]
    spent = balance + sum((amount for _, _, amount in moves), Decimal(0)) - closing
    last = found.last_on - dt.timedelta(days=2)
    if spent > 0:
        tax = (spent * Decimal("0.15")).quantize(Decimal("0.01"))
        bureau = min(Decimal("24.00"), spent - tax)
        for text, amount in (("WAGES", spent - tax - bureau), ("HMRC", tax), ("PAYROLL BUREAU LTD", bureau)):
            if amount > 0:
                moves.append((last, text, -amount))
    elif spent < 0:
        moves.append((last, "TRANSFER FROM OLD ACCOUNT", -spent))
    rows = ["Date,Description,Money out,Money in,Balance"]
    for day, text, amount in moves:
        balance += amount
        out, into = ("", f"{amount:.2f}") if amount > 0 else (f"{-amount:.2f}", "")
        rows.append(f"{day:%d/%m/%Y},{text},{out},{into},{balance:.2f}")
    return "\n".join(rows).encode()


def _reconciled(found: MonitoringReturn, team: User, today: dt.date) -> None:
    day = min(today, (found.received_on or today) + dt.timedelta(days=5))
    left = {
        line.pk: Said("other_in", note="Moved here when this account was opened") for line in unmatched_lines(found)
    }
    match_lines(monitoring_return=found, said=left, by=team, on=day)
    asked = found.lines.filter(is_receipt_asked=True).values_list("pk", flat=True)
    see_receipts(monitoring_return=found, lines=list(asked), by=team, on=day)
    reconcile_return(
        monitoring_return=found, by=team, on=day, difference_note="Paid before payments were kept in this register"
    )


def _ring_fenced(phb: PersonalHealthBudget, latest: Surplus, team: User) -> None:
    """A saving that takes a surplus below the threshold."""
    ring_fence(
        phb=phb,
        purpose="Cover for two weeks of planned holiday care",
        amount=latest.weekly_amount * 3,
        agreed_on=latest.monitoring_return.last_on,
        until=latest.monitoring_return.last_on + dt.timedelta(days=270),
        by=team,
        key=uuid.uuid5(NAMESPACE, f"ring-fenced/{phb.reference}"),
    )


def _set_off(phb: PersonalHealthBudget, latest: Surplus, team: User, finance: User, today: dt.date) -> None:
    """Four weeks of a surplus, set off against the next payments; one of them approved."""
    payments = coming_payments(phb, Method.DIRECT_PAYMENT, today + dt.timedelta(days=14))[:3]
    if not payments:
        return
    amount = min(latest.weekly_amount * 4, sum((each.amount for each in payments), Decimal(0)))
    decide_surplus(
        surplus=latest, decision=SurplusDecision.OFFSET, reason="Wages were lower while a post was vacant", by=team
    )
    made = propose_offsets(
        phb=phb,
        method=Method.DIRECT_PAYMENT,
        amount=amount,
        payments=payments,
        reason="Wages were lower while a post was vacant. The holder agreed on the phone.",
        by=team,
        surplus=latest,
    )
    approve_offset(offset=made[0], by=finance)


def _after_a_death(team: User, finance: User, today: dt.date) -> None:
    """The latest holder of a direct payment who died: a final return, and £1,200 asked back from the estate."""
    rows = PersonalHealthBudget.objects.filter(
        commissioner__code=COMMISSIONER,
        end_reason=EndReason.DIED,
        ended_on__lt=today - dt.timedelta(days=60),
        method_parts__method=Method.DIRECT_PAYMENT,
        started_on__isnull=False,
    )
    phb = rows.select_related("person", "commissioner").order_by("-ended_on", "pk").first()
    if phb is None or phb.ended_on is None or ReturnSchedule.objects.filter(phb=phb).exists():
        return
    starts_on = max(phb.started_on or phb.agreed_on, phb.ended_on - dt.timedelta(days=60))
    if starts_on >= phb.ended_on:
        return
    schedule = start_monitoring(
        phb=phb, method=Method.DIRECT_PAYMENT, risk_level=RiskLevel.LOW, starts_on=starts_on, by=team, on=starts_on
    )
    extend_returns(until=today)
    found = schedule.returns.filter(status=ReturnStatus.DUE).earliest("number")
    came_on = min(today - dt.timedelta(days=20), phb.ended_on + dt.timedelta(days=30))
    receive_return(monitoring_return=found, closing_balance=Decimal("1200.00"), by=team, on=came_on)
    surplus = Surplus.objects.get(monitoring_return=found)
    decide_surplus(surplus=surplus, decision=SurplusDecision.RECOVER, reason="The person died", by=team, on=came_on)
    recovery = open_recovery(
        phb=phb,
        reason=RecoveryReason.DEATH,
        reasons="The person died. The money that was not spent was for their care, and goes back to the NHS.",
        amount=Decimal("1200.00"),
        repay_by=came_on + dt.timedelta(days=56),
        payer_kind=PayerKind.PERSONAL_REPRESENTATIVES,
        payer_name=f"The executors of {phb.person.given_name} {phb.person.family_name}",
        by=team,
        key=uuid.uuid5(NAMESPACE, f"recovery/{phb.reference}"),
        on=came_on,
        surplus=surplus,
    )
    approve_recovery(recovery=recovery, by=finance, on=came_on + dt.timedelta(days=1))
    give_notice(
        recovery=recovery,
        address=f"{recovery.payer_name}\n1 Example Street\nExampleton",
        by=team,
        on=came_on + dt.timedelta(days=2),
    )
    record_repayment(
        recovery=recovery,
        amount=Decimal("450.00"),
        received_on=came_on + dt.timedelta(days=15),
        by=finance,
        key=uuid.uuid5(NAMESPACE, f"repayment/{phb.reference}"),
        note="First part, by the estate",
    )
