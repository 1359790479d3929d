"""Monitoring: a direct payment that is looked after, returns, statements and recoveries, made through the services."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.enums import Method
from budgets.models import MonitoringReturn, PersonalHealthBudget, Recovery, ReturnSchedule, Statement
from budgets.rules.agreement import MethodAmount
from budgets.rules.offsets import PaymentDue
from budgets.rules.recovery_states import PayerKind, RecoveryReason
from budgets.services.matching import keep_rule
from budgets.services.monitoring import start_monitoring
from budgets.services.offsets import propose_offsets
from budgets.services.recoveries import give_notice, open_recovery
from budgets.services.statements import read_statement, store_statement
from budgets.services.surplus import ring_fence
from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import MembershipFactory, UserFactory

STARTED_ON = dt.date(2026, 4, 1)
#: £400.00 a week, to the penny.
ANNUAL = Decimal("20857.14")
ADDRESS = "Testa Kestrel\n1 Example Street\nTesttown"


def make_finance(commissioner: Commissioner) -> User:
    """Somebody of the finance team, who monitors and releases."""
    user = UserFactory()
    MembershipFactory(user=user, role=Role.FINANCE, commissioner=commissioner)
    return user


def make_direct_payment(commissioner: Commissioner, *, by: User | None = None, **given: Any) -> PersonalHealthBudget:
    """A PHB of £400 a week, all of it a direct payment, since 1 April 2026."""
    return make_budget(
        commissioner,
        by=by,
        agreed_on=given.pop("agreed_on", dt.date(2026, 3, 20)),
        started_on=given.pop("started_on", STARTED_ON),
        annual_amount=ANNUAL,
        methods=[MethodAmount(Method.DIRECT_PAYMENT, ANNUAL)],
        is_free_of_orders=True,
        **given,
    )


def make_schedule(
    commissioner: Commissioner, *, by: User, risk_level: str = "low", phb: PersonalHealthBudget | None = None
) -> ReturnSchedule:
    """Returns of a direct payment since 1 April 2026."""
    return start_monitoring(
        phb=phb or make_direct_payment(commissioner),
        method=Method.DIRECT_PAYMENT,
        risk_level=risk_level,
        starts_on=STARTED_ON,
        reason="For a test",
        by=by,
        on=STARTED_ON,
    )


def make_return(commissioner: Commissioner, *, by: User, **given: Any) -> MonitoringReturn:
    """The first return of a direct payment: 1 April to 23 June 2026."""
    return make_schedule(commissioner, by=by, **given).returns.earliest("number")


def statement_file(lines: Sequence[tuple[str, str, str]], *, opening: str = "0") -> bytes:
    """A file of lines, each a date, a description and an amount."""
    balance, rows = Decimal(opening), ["Date,Description,Amount,Balance"]
    for day, text, amount in lines:
        balance += Decimal(amount)
        rows.append(f"{day},{text},{amount},{balance}")
    return "\n".join(rows).encode()


LINES = (
    ("2026-04-07", "NHS DIRECT PAYMENT", "1600.00"),
    ("2026-04-10", "WAGES JOHANNA", "-400.00"),
    ("2026-05-08", "HMRC", "-50.00"),
    ("2026-06-12", "SHOP", "-20.00"),
)


def make_statement(
    monitoring_return: MonitoringReturn, *, by: User, content: bytes | None = None, on: dt.date = dt.date(2026, 7, 1)
) -> Statement:
    """A file that was read and stored."""
    draft = read_statement(
        monitoring_return=monitoring_return, content=content or statement_file(LINES), by=by, received_on=on
    )
    stored = store_statement(monitoring_return=monitoring_return, key=draft.key, by=by)
    assert stored is not None
    return stored


def make_recovery(
    phb: PersonalHealthBudget,
    *,
    by: User,
    amount: Decimal = Decimal("300.00"),
    on: dt.date = dt.date(2026, 10, 1),
    **given: Any,
) -> Recovery:
    """A recovery that was drafted, for money that was not spent as planned."""
    wanted: dict[str, Any] = {
        "reason": RecoveryReason.OFF_PLAN,
        "reasons": "A holiday for the whole family is not in the plan.",
        "repay_by": on + dt.timedelta(days=28),
        "payer_kind": PayerKind.PERSON,
        "payer_name": "Testa Kestrel",
        **given,
    }
    return open_recovery(phb=phb, amount=amount, by=by, key=uuid.uuid4(), on=on, **wanted)


def two_who_monitor(commissioner: Commissioner) -> tuple[User, User]:
    """One of the PHB team and one of finance: who prepares, and who approves."""
    return make_team(commissioner), make_finance(commissioner)


def monitored_records(commissioner: Commissioner, by: User) -> dict[str, dict[str, Any]]:
    """One record of every kind of monitoring and recovery: what an address of it is made of, by the address's name."""
    found = make_return(commissioner, by=by)
    phb = found.schedule.phb
    stored = make_statement(found, by=by)
    draft = read_statement(monitoring_return=found, content=statement_file(LINES), by=by)
    rule = keep_rule(commissioner=commissioner, contains="wages", is_money_in=True, match="refund", by=by)
    saving = ring_fence(
        phb=phb,
        purpose="A hoist",
        amount=Decimal(10),
        agreed_on=STARTED_ON,
        until=STARTED_ON + dt.timedelta(days=90),
        by=by,
        key=uuid.uuid4(),
    )
    recovery = make_recovery(phb, by=by)
    notice = give_notice(recovery=recovery, address=ADDRESS, by=by, on=recovery.prepared_on)
    offset = propose_offsets(
        phb=phb,
        method=Method.DIRECT_PAYMENT,
        amount=Decimal(10),
        payments=[PaymentDue(clock.today() + dt.timedelta(days=30), Decimal(1600))],
        reason="Unspent",
        by=by,
    )[0]
    return {
        "budgets:monitoring": {"reference": phb.reference, "method": Method.DIRECT_PAYMENT.value, "pk": saving.pk},
        "budgets:return": {"reference": found.reference, "key": draft.key},
        "budgets:return-remove-statement": {"reference": found.reference, "key": stored.reference},
        "budgets:retire-rule": {"pk": rule.pk},
        "budgets:surplus": {"reference": found.surplus.reference},
        "budgets:recovery": {"reference": recovery.reference},
        "budgets:repayment-notice": {"reference": notice.reference},
        "budgets:offset": {"reference": offset.reference},
    }
