"""What is told of approval, arrangements, money and the end of budgets on a person's timeline.

Court orders are told by a source of their own, to those who may see orders and to nobody else.
"""

from collections.abc import Iterator

from django.urls import reverse

from budgets.payment_enums import LedgerKind
from budgets.presenters.arrangements import arrangements_url
from budgets.presenters.budget_proposals import proposal_url
from budgets.presenters.court_orders import orders_url
from budgets.presenters.monitoring import return_url
from budgets.presenters.payments import payments_url
from budgets.presenters.personal_health_budgets import pounds
from budgets.presenters.recoveries import recovery_url
from budgets.selectors import life_events as selectors
from phb_register.models import Person, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import TimelineEvent, TimelineSource

PAID = {
    LedgerKind.PAYMENT.value: "Paid",
    LedgerKind.RECOVERY.value: "Unspent money recovered",
    LedgerKind.CONTRIBUTION.value: "Contribution received",
}
ENDED = {"reconcile": "Money of a budget that ended reconciled", "withdraw": "End of a budget taken back"}


def approval_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Each step of each proposal. One read."""
    for each in selectors.proposal_steps(user, person):
        proposal = each.proposal
        yield TimelineEvent(
            on=each.occurred_on,
            title=f"Budget proposal {proposal.number}: {each.get_to_status_display().lower()}",
            text=f"{pounds(proposal.annual_amount)} a year. {each.note}".strip(),
            by=str(each.made_by),
            url=proposal_url(proposal),
            recorded_at=each.recorded_at,
            about=proposal.referral,
        )


def arrangement_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """When an arrangement began and ended, and when a direct payment was stopped. Four reads."""
    for row in selectors.arrangements(user, person):
        name, url = str(row._meta.verbose_name).capitalize(), arrangements_url(row.phb)
        yield TimelineEvent(
            on=row.starts_on, title=f"{name} began", text=row.phb.cohort.name, by=str(row.recorded_by), url=url,
            recorded_at=row.recorded_at, about=row.phb,
        )  # fmt: skip
        if row.ends_on:
            yield TimelineEvent(
                on=row.ends_on, title=f"{name} ended", text=row.get_end_reason_display(), url=url, about=row.phb
            )
    for stop in selectors.stops(user, person):
        yield TimelineEvent(
            on=stop.stops_on, title="Direct payment stopped", text=stop.get_reason_display(), by=str(stop.decided_by),
            url=arrangements_url(stop.phb), recorded_at=stop.recorded_at, about=stop.phb,
        )  # fmt: skip


def payment_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """What was paid and what came back, month by month; returns that came, and recoveries. Four reads."""
    for month in selectors.months_paid(user, person):
        yield TimelineEvent(
            on=month.last,
            title=f"{PAID[month.kind]} in {month.month:%B %Y}",
            text=f"{pounds(abs(month.amount))}, {month.phb.cohort.name}",
            url=payments_url(month.phb),
            about=month.phb,
        )
    for each in selectors.returns(user, person):
        phb = each.schedule.phb
        days = f"For {spoken_date(each.first_on)} to {spoken_date(each.last_on)}"
        assert each.received_on is not None  # noqa: S101  only those that came
        yield TimelineEvent(
            on=each.received_on, title="Monitoring return received", text=days, url=return_url(each), about=phb
        )
        if each.reconciled_on:
            yield TimelineEvent(
                on=each.reconciled_on, title="Monitoring return reconciled", text=days, by=str(each.reconciled_by),
                url=return_url(each), about=phb,
            )  # fmt: skip
    for step in selectors.recovery_steps(user, person):
        recovery = step.recovery
        yield TimelineEvent(
            on=step.occurred_on,
            title=f"Recovery of {pounds(recovery.amount)}: {step.get_to_status_display().lower()}",
            text=recovery.phb.cohort.name,
            by=str(step.made_by),
            url=recovery_url(recovery),
            recorded_at=step.recorded_at,
            about=recovery.phb,
        )


def closure_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """What was done about a budget after its end was recorded. One read."""
    for each in selectors.closure_steps(user, person):
        phb = each.closure.phb
        yield TimelineEvent(
            on=each.occurred_on,
            title=ENDED[each.action],
            text=f"{phb.cohort.name}. {each.note}".strip(),
            by=str(each.made_by),
            url=reverse("budgets:personal-health-budget", args=[phb.reference]),
            recorded_at=each.recorded_at,
            about=phb,
        )


def order_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Court orders and licence conditions: their first day, and the day after their last. One read."""
    for order in selectors.orders(user, person):
        url, name = orders_url(person), order.get_kind_display()
        withdrawn = " (withdrawn: it was entered in error)" if order.withdrawn_on else ""
        yield TimelineEvent(
            on=order.first_day, title=f"Order in force{withdrawn}", text=name, by=str(order.recorded_by), url=url,
            recorded_at=order.recorded_at, about=order,
        )  # fmt: skip
        if order.last_day and not order.withdrawn_on:
            yield TimelineEvent(on=order.last_day, title="Last day of an order", text=name, url=url, about=order)


TIMELINE = (
    TimelineSource("Approval of budgets", Permission.VIEW_BUDGETS, approval_events, order=53),
    TimelineSource("Arrangements", Permission.VIEW_BUDGETS, arrangement_events, order=54),
    TimelineSource("Court orders", Permission.VIEW_ORDERS, order_events, order=54),
    TimelineSource("Payments, returns and recoveries", Permission.VIEW_PAYMENTS, payment_events, order=55),
    TimelineSource("After the end of budgets", Permission.VIEW_BUDGETS, closure_events, order=57),
)
