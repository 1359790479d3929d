"""The one table of what may happen to a recovery, and the sums it rests on. Pure.

Source: regulation 15 of the NHS (Direct Payments) Regulations 2013. A notice says the reasons, the amount, the time to
repay and the person who must repay; after a death that is the personal representatives.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from phb_register.roles import Permission


class RecoveryReason(TextChoices):
    """Why money is asked back (regulation 15)."""

    CHANGED = "changed", "The plan or the circumstances changed substantially"
    ACCUMULATION = "accumulation", "A large amount was not spent"
    OFF_PLAN = "off_plan", "Money was spent on something that is not in the plan"
    THEFT_OR_FRAUD = "theft_or_fraud", "Theft or fraud"
    DEATH = "death", "The person died"
    OTHER = "other", "Another reason"


class PayerKind(TextChoices):
    """Who must repay."""

    PERSON = "person", "The person who holds the budget"
    REPRESENTATIVE = "representative", "A representative who received the direct payment"
    NOMINEE = "nominee", "A nominee who received the direct payment"
    ORGANISATION = "organisation", "An organisation that held the money"
    PERSONAL_REPRESENTATIVES = "personal_representatives", "The personal representatives of somebody who died"


class RecoveryStatus(TextChoices):
    """Where a recovery stands."""

    DRAFTED = "drafted", "Drafted"
    APPROVED = "approved", "Approved"
    NOTIFIED = "notified", "Notice given"
    PART_REPAID = "part_repaid", "Repaid in part"
    REPAID = "repaid", "Repaid"
    RECONSIDERING = "reconsidering", "Being reconsidered"
    WRITTEN_OFF = "written_off", "Written off"
    WITHDRAWN = "withdrawn", "Withdrawn"


_S = RecoveryStatus
#: Money is still owed, or may be.
OPEN = (_S.NOTIFIED, _S.PART_REPAID, _S.RECONSIDERING)
#: A notice has been given at some time.
NOTICED = (*OPEN, _S.REPAID, _S.WRITTEN_OFF)


@dataclass(frozen=True)
class RecoveryStep:
    """One thing that may be done to a recovery. Where there is more than one end, the sums decide which."""

    action: str
    label: str
    from_statuses: tuple[RecoveryStatus, ...]
    to_statuses: tuple[RecoveryStatus, ...]
    permission: Permission = Permission.MONITOR_BUDGETS


DRAFT = RecoveryStep("draft", "Draft", (), (_S.DRAFTED,))
APPROVE = RecoveryStep("approve", "Approve", (_S.DRAFTED,), (_S.APPROVED,))
GIVE_NOTICE = RecoveryStep("give_notice", "Give notice", (_S.DRAFTED, _S.APPROVED), (_S.NOTIFIED,))
WITHDRAW = RecoveryStep("withdraw", "Withdraw", (_S.DRAFTED, _S.APPROVED), (_S.WITHDRAWN,))
REPAY = RecoveryStep(
    "repay", "Record a repayment", (_S.NOTIFIED, _S.PART_REPAID, _S.RECONSIDERING), (_S.PART_REPAID, _S.REPAID)
)
REVERSE = RecoveryStep(
    "reverse", "Reverse a repayment", (_S.PART_REPAID, _S.REPAID, _S.WITHDRAWN), (_S.NOTIFIED, _S.PART_REPAID)
)
ASK_AGAIN = RecoveryStep(
    "ask_again",
    "Record a request to look again",
    (_S.NOTIFIED, _S.PART_REPAID, _S.REPAID),
    (_S.RECONSIDERING,),
)
DECIDE_AGAIN = RecoveryStep(
    "decide_again",
    "Decide the reconsideration",
    (_S.RECONSIDERING,),
    (_S.NOTIFIED, _S.PART_REPAID, _S.REPAID, _S.WITHDRAWN),
)
PROPOSE_WRITE_OFF = RecoveryStep("propose_write_off", "Propose to write off", (_S.NOTIFIED, _S.PART_REPAID), ())
WRITE_OFF = RecoveryStep("write_off", "Decide on writing off", (_S.NOTIFIED, _S.PART_REPAID), (_S.WRITTEN_OFF,))

STEPS = (
    DRAFT,
    APPROVE,
    GIVE_NOTICE,
    WITHDRAW,
    REPAY,
    REVERSE,
    ASK_AGAIN,
    DECIDE_AGAIN,
    PROPOSE_WRITE_OFF,
    WRITE_OFF,
)


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values.

    A repayment while a recovery is reconsidered leaves its status alone, and so does giving back what was repaid of
    one that was withdrawn.
    """
    return sorted(
        {
            (start.value, end.value)
            for step in STEPS
            for start in step.from_statuses
            for end in step.to_statuses
            if start != end and (step, start) not in ((REPAY, _S.RECONSIDERING), (REVERSE, _S.WITHDRAWN))
        }
    )


def steps_from(status: str) -> list[RecoveryStep]:
    """What may be done to a recovery in this status, in the order of the buttons."""
    return [step for step in STEPS if status in step.from_statuses]


def outstanding(amount: Decimal, repaid: Decimal, written_off: Decimal) -> Decimal:
    """What is still owed, in pounds; below nought where more was repaid than is owed since a reconsideration."""
    return amount - repaid - written_off


def status_by_sums(amount: Decimal, repaid: Decimal, written_off: Decimal) -> RecoveryStatus:
    """Where a recovery stands of which notice was given, by what was repaid and written off."""
    if outstanding(amount, repaid, written_off) <= 0:
        return _S.WRITTEN_OFF if written_off > 0 else _S.REPAID
    return _S.PART_REPAID if repaid > 0 else _S.NOTIFIED


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {_S.DRAFTED.value}: {DRAFT.label}"]
    jumps = set(allowed_jumps())
    for step in STEPS:
        for start in step.from_statuses:
            for end in step.to_statuses:
                if (start.value, end.value) in jumps:
                    lines.append(f"    {start.value} --> {end.value}: {step.label}")
    return "\n".join(lines) + "\n"
