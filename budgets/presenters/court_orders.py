"""How court orders are said, to those who may read of them."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from budgets.models import CourtOrder
from budgets.rules.court_orders import KINDS, READ, Order, kind_of, orders_on
from phb_register.models import Person
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params


def orders_url(person: Person) -> str:
    """The page of a person's orders."""
    return reverse("budgets:court-orders", args=[person.reference])


def orders_table(orders: list[CourtOrder], today: dt.date, *, may_write: bool) -> dict[str, Any] | None:
    """The orders with what they mean today, and where each is changed."""
    if not orders:
        return None
    columns: list[Column[CourtOrder]] = [
        Column("Order or condition", lambda order: order.get_kind_display()),
        Column("Paragraph of the Schedule", lambda order: kind_of(order.kind).paragraph or "Not read"),
        Column("First day", lambda order: spoken_date(order.first_day)),
        Column("Last day", lambda order: spoken_date(order.last_day) if order.last_day else "Not known"),
        Column("A direct payment", lambda order: _means(order, today)),
        Column("Evidence seen", lambda order: f"{spoken_date(order.evidence_seen_on)}, by {order.recorded_by}"),
    ]
    if may_write:
        columns.append(Column("Change", _changes))
    return table_params(columns, orders, caption="Orders and licence conditions", is_responsive=True)


def today_words(orders: list[CourtOrder], today: dt.date) -> str:
    """What the orders that count mean for a direct payment today."""
    counting = [Order(each.kind, each.first_day, each.last_day) for each in orders if each.withdrawn_on is None]
    if orders_on(counting, today):
        return "A direct payment is prohibited today."
    return "None is in force today." if counting else "None is recorded."


def _means(order: CourtOrder, today: dt.date) -> str:
    if order.withdrawn_on:
        return f"Not affected: entered in error. {order.withdrawal_reason}"
    dated = Order(order.kind, order.first_day, order.last_day)
    if dated.is_in_force_on(today):
        return "Prohibited today"
    return "Allowed today" if order.first_day <= today else f"Prohibited from {spoken_date(order.first_day)}"


def _changes(order: CourtOrder) -> Any:
    if order.withdrawn_on:
        return "–"
    ending = reverse("budgets:change-court-order", args=[order.reference])
    withdrawing = reverse("budgets:withdraw-court-order", args=[order.reference])
    about = f"{order.get_kind_display()}, from {spoken_date(order.first_day)}"
    return format_html(
        '<a class="nhsuk-link" href="{}">Last day<span class="nhsuk-u-visually-hidden"> of {}</span></a> '
        '<a class="nhsuk-link" href="{}">Withdraw<span class="nhsuk-u-visually-hidden"> {}</span></a>',
        ending,
        about,
        withdrawing,
        about,
    )


def kinds_table() -> dict[str, Any]:
    """The Schedule as it is kept here, with where each paragraph was read."""
    rows = [
        [
            kind.title,
            kind.paragraph or "–",
            "Read at the source" if kind.source == READ else f"Not verified: {kind.source}",
        ]
        for kind in KINDS
    ]
    return {
        "caption": "What the Schedule names",
        "firstCellIsHeader": True,
        "head": ["Order or condition", "Paragraph", "How sure"],
        "rows": rows,
    }
