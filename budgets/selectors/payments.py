"""What the pages and other parts of this room read of payment runs and payments."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from budgets.models import Payment, PaymentCorrection, PaymentRun, PaymentRunTransition, PersonalHealthBudget
from budgets.payment_enums import PaymentState, RunStatus
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import responsible_commissioners

NOTHING = Decimal("0.00")
EXCEPTIONS = Q(state=PaymentState.HELD) | Q(is_new_payee=True) | Q(is_changed=True)


@dataclass(frozen=True)
class Totals:
    """Control totals: how many payments, what goes to the bank, the same by method, and what is not paid."""

    count: int
    amount: Decimal
    by_method: dict[str, dict[str, str | int]]
    offset_amount: Decimal = NOTHING
    held_count: int = 0
    held_amount: Decimal = NOTHING


def control_totals(run: PaymentRun) -> Totals:
    """The control totals of a run as it stands. Two reads."""
    rows = Payment.objects.filter(run=run).order_by()
    made = Q(state__in=[PaymentState.INCLUDED, PaymentState.RETURNED, PaymentState.REVERSED])
    methods = rows.filter(made).values_list("method").annotate(count=Count("pk"), total=Sum("amount"))
    found = rows.aggregate(
        made=Count("pk", filter=made),
        total=Sum("amount", filter=made),
        offset=Sum("offset_amount", filter=made),
        held=Count("pk", filter=~made),
        held_total=Sum("amount", filter=~made),
    )
    return Totals(
        count=found["made"],
        amount=found["total"] or NOTHING,
        by_method={method: {"count": count, "amount": str(total)} for method, count, total in methods},
        offset_amount=found["offset"] or NOTHING,
        held_count=found["held"],
        held_amount=found["held_total"] or NOTHING,
    )


def runs_of(user: User) -> QuerySet[PaymentRun]:
    """The runs the user may see, the latest first."""
    return PaymentRun.objects.visible_to(user).select_related("commissioner", "prepared_by", "job")


def run_for(user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_PAYMENTS) -> PaymentRun | None:
    """One run, if the user holds the permission for its commissioner."""
    rows = PaymentRun.objects.visible_to(user, permission).filter(reference=reference)
    related = ("commissioner", "prepared_by", "checked_by", "released_by", "job", "bank_file", "ledger_file")
    return rows.select_related(*related).defer("bank_file__content", "ledger_file__content").first()


def payments_of_run(run: PaymentRun, *, only: str = "") -> QuerySet[Payment]:
    """The payments of a run in its order; only exceptions, or those held, where asked."""
    rows = Payment.objects.filter(run=run).select_related("phb__person", "run__commissioner", "schedule")
    if only == "exceptions":
        rows = rows.filter(EXCEPTIONS)
    elif only == "held":
        rows = rows.filter(state__in=[PaymentState.HELD, PaymentState.LEFT_OUT])
    return rows.order_by("number")


def payment_of_run(run: PaymentRun, number: int) -> Payment | None:
    """One payment by its number in the run."""
    return payments_of_run(run).filter(number=number).first()


def exceptions_of(run: PaymentRun) -> dict[str, int]:
    """How many payments of a run a checker looks at first: held, to a new payee, of a changed amount."""
    included = Q(state=PaymentState.INCLUDED)
    found: dict[str, int] = Payment.objects.filter(run=run).aggregate(
        held=Count("pk", filter=Q(state__in=[PaymentState.HELD, PaymentState.LEFT_OUT])),
        new_payee=Count("pk", filter=included & Q(is_new_payee=True)),
        changed=Count("pk", filter=included & Q(is_changed=True)),
    )
    return found


def steps_of(run: PaymentRun) -> list[PaymentRunTransition]:
    """What happened to a run, in order."""
    return list(run.transitions.select_related("made_by"))


def commissioners_that_pay(user: User, on: dt.date) -> list[Commissioner]:
    """The bodies open on a day for which the user prepares payments."""
    return list(responsible_commissioners(user, Permission.PREPARE_PAYMENTS, on).order_by("name"))


def payments_of(user: User, phb: PersonalHealthBudget) -> QuerySet[Payment]:
    """The payments of a PHB in runs that were not abandoned, the latest first."""
    runs = PaymentRun.objects.visible_to(user).exclude(status=RunStatus.ABANDONED)
    rows = Payment.objects.filter(phb=phb, run__in=runs).select_related("run__commissioner", "schedule")
    return rows.order_by("-run__pays_on", "-period_first", "-pk")


def payment_of_budget(user: User, phb: PersonalHealthBudget, pk: int) -> Payment | None:
    """One payment of a PHB, if the user sees its run."""
    return payments_of(user, phb).filter(pk=pk).first()


def runs_to(user: User, status: RunStatus, limit: int) -> list[PaymentRun]:
    """Runs in a status that somebody else prepared and the user may check or release, the soonest first."""
    rows = PaymentRun.objects.visible_to(user, Permission.RELEASE_PAYMENTS).filter(status=status)
    return list(rows.exclude(prepared_by=user).select_related("commissioner").order_by("pays_on", "pk")[:limit])


def held_payments(user: User, limit: int) -> list[Payment]:
    """Payments held in runs that are to be checked, for those who prepare payments."""
    runs = PaymentRun.objects.visible_to(user, Permission.PREPARE_PAYMENTS).filter(status=RunStatus.PREPARED)
    rows = Payment.objects.filter(run__in=runs, state=PaymentState.HELD)
    return list(rows.select_related("phb__person", "run__commissioner").order_by("run", "number")[:limit])


def corrections_of(user: User, phb: PersonalHealthBudget) -> list[PaymentCorrection]:
    """The corrections of a PHB's payments, the latest first."""
    rows = PaymentCorrection.objects.visible_to(user).filter(payment__phb=phb)
    return list(rows.select_related("payment__run__commissioner", "asked_by", "decided_by"))


def correction_for(user: User, reference: uuid.UUID, permission: Permission) -> PaymentCorrection | None:
    """One correction, if the user holds the permission where its PHB belongs."""
    rows = PaymentCorrection.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related("payment__run__commissioner", "payment__phb__person", "asked_by", "decided_by").first()


def corrections_to_confirm(user: User, limit: int) -> list[PaymentCorrection]:
    """Corrections somebody else asked for, the longest waiting first."""
    rows = PaymentCorrection.objects.visible_to(user, Permission.RELEASE_PAYMENTS).waiting().exclude(asked_by=user)
    return list(rows.select_related("payment__run__commissioner", "payment__phb__person")[:limit])
