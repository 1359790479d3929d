"""How snapshots are said, and what changed between two of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse

from budgets.enums import EndReason, LivesIn, Method
from budgets.rules.agreement import state_on
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting.frozen import FrozenFigure, Moved
from reporting.models import Snapshot
from reporting.presenters.pages import breadcrumbs, dashboard_url
from reporting.rules.quarters import ends_a_quarter, quarter_of
from reporting.selectors.snapshot_changes import ChangedBudget

STATES = {None: "Not agreed yet", "agreed": "Agreed", "in_place": "In place", "ended": "Ended"}
METHODS: dict[str, str] = dict(Method.choices)
#: The facts of a budget that a snapshot keeps, in words, and how each is said.
_FACTS: dict[str, str] = {
    "person": "Person",
    "responsible": "Accountable commissioner",
    "cohort_code": "Cohort",
    "agreed_on": "Agreed on",
    "started_on": "Started on",
    "ended_on": "Ended on",
    "end_reason": "Reason it ended",
    "methods": "Methods that day",
    "methods_in_year": "Methods in the year",
    "is_child": "Under 18",
    "is_fast_track": "Fast track",
    "is_joint": "Jointly funded",
    "is_one_off": "One-off",
    "lives_in": "Lives in",
    "reviewed_on": "Last reviewed on",
}


def list_url(commissioner: Commissioner) -> str:
    """The address of a commissioner's snapshots."""
    return reverse("reporting:snapshots", args=[commissioner.code])


def snapshot_url(snapshot: Snapshot) -> str:
    """The address of one."""
    return reverse("reporting:snapshot", args=[snapshot.commissioner.code, snapshot.reference])


def crumbs(commissioner: Commissioner) -> list[dict[str, str]]:
    """The way back to the list."""
    return [*breadcrumbs(commissioner), {"text": "Snapshots", "href": list_url(commissioner)}]


def period_of(snapshot: Snapshot) -> str:
    """Its date, with the quarter that ends then."""
    said = spoken_date(snapshot.as_at)
    return f"{said} ({quarter_of(snapshot.as_at)})" if ends_a_quarter(snapshot.as_at) else said


def by_whom(snapshot: Snapshot) -> str:
    """Who froze it."""
    return str(snapshot.frozen_by or "The register")


def table(page: Iterable[Snapshot], *, may_see_people: bool) -> dict[str, Any]:
    """The list. Whoever may not see the people is led to the dashboard of that day, which hides small numbers."""

    def url(each: Snapshot) -> str:
        return snapshot_url(each) if may_see_people else dashboard_url(each.commissioner, each.as_at)

    columns: list[Column[Snapshot]] = [
        Column("As at", period_of, link=url),
        Column("Number", lambda each: each.number, is_number=True),
        Column("Frozen", lambda each: spoken_moment(each.frozen_at)),
        Column("By", by_whom),
        Column("Reason", lambda each: each.reason),
        Column("Fingerprint", lambda each: each.content_hash[:12]),
    ]
    return table_params(columns, page, caption="Snapshots", is_responsive=True)


_FIGURES: list[Column[FrozenFigure]] = [
    Column("Figure", lambda row: row.label),
    Column("Value", lambda row: row.text, is_number=True),
    Column("Unit", lambda row: row.unit),
    Column("What it means", lambda row: row.definition),
]


def snapshot_page(snapshot: Snapshot, rows: Iterable[FrozenFigure], *, latest: Snapshot | None) -> dict[str, Any]:
    """A snapshot with every figure as it was frozen; `latest` is what took its place, where one did."""
    facts: list[tuple[str, Any]] = [
        ("As at the end of", period_of(snapshot)),
        ("Number", str(snapshot.number)),
        ("Frozen", f"{spoken_moment(snapshot.frozen_at)} by {by_whom(snapshot)}"),
        ("Reason", snapshot.reason or "None given"),
        ("Budgets looked at", f"{snapshot.records:,}"),
        ("Fingerprint", snapshot.content_hash),
    ]
    policy = [(each["label"], each["said"]) for each in snapshot.policy.get("words", [])]
    return {
        "commissioner": snapshot.commissioner,
        "heading": f"Snapshot {snapshot.number} of {spoken_date(snapshot.as_at)}",
        "breadcrumbs": crumbs(snapshot.commissioner),
        "facts": summary(facts),
        "dashboard_url": dashboard_url(snapshot.commissioner, snapshot.as_at),
        "policy": summary(policy),
        "latest": {"url": snapshot_url(latest), "number": latest.number} if latest else None,
        "table": table_params(_FIGURES, rows, caption="Figures as they were frozen", is_responsive=True),
    }


def moved_table(rows: Sequence[Moved]) -> dict[str, Any]:
    """Figures that are not the same in both."""
    columns: list[Column[Moved]] = [
        Column("Figure", lambda row: row.figure.label),
        Column("Before", lambda row: _number(row.before), is_number=True),
        Column("After", lambda row: _number(row.after), is_number=True),
        Column("Difference", lambda row: _signed(row.difference), is_number=True),
        Column("Unit", lambda row: row.figure.unit),
    ]
    return table_params(columns, rows, caption="Figures that moved", is_responsive=True)


def _number(value: int | Decimal | None) -> str:
    return "Not known" if value is None else f"{value:,}"


def _signed(value: int | Decimal | None) -> str:
    return "–" if value is None else f"{value:+,}"


def changed_table(rows: Iterable[ChangedBudget], as_at: dt.date) -> dict[str, Any]:
    """The budgets that changed, with what of them, and how each counted before and counts after."""
    columns: list[Column[ChangedBudget]] = [
        Column("Person", _name, link=_phb_url),
        Column("Before", lambda row: _standing(row.before, as_at)),
        Column("After", lambda row: _standing(row.after, as_at)),
        Column("What changed", change_words),
        Column("Recorded", lambda row: spoken_moment(row.recorded_at) if row.recorded_at else "–"),
    ]
    return table_params(columns, rows, caption="Budgets that changed", is_stacked=True)


def _name(row: ChangedBudget) -> str:
    return f"{row.phb.person.display_name}: {row.phb.cohort}" if row.phb else "No longer on the register"


def _phb_url(row: ChangedBudget) -> str | None:
    return reverse("budgets:personal-health-budget", args=[row.phb.reference]) if row.phb else None


def _standing(facts: Any, as_at: dt.date) -> str:
    """What a budget was at the end of the date, by one snapshot."""
    if facts is None:
        return "Not on the register"
    dates = {name: _day(facts[name]) for name in ("agreed_on", "started_on", "ended_on")}
    state = state_on(as_at, **dates)  # type: ignore[arg-type]
    return STATES[state.value if state else None]


def _day(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None


def change_words(row: ChangedBudget) -> str:
    """What of a budget changed: entered since, taken away, or each fact before and after."""
    if row.before is None:
        return f"Entered since. Agreed {_said('agreed_on', row.after)}, started {_said('started_on', row.after)}."
    if row.after is None:
        return "Taken off the register, or its dates moved out of the year."
    changed = [name for name in _FACTS if row.before[name] != row.after[name]]
    return ". ".join(
        "The record of the person was merged"
        if name == "person"
        else f"{_FACTS[name]}: {_said(name, row.before)} → {_said(name, row.after)}"
        for name in changed
    )


def _said(name: str, facts: Any) -> str:
    value = facts[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(METHODS[each].lower() for each in value) or "none"
    if not value:
        return "none"
    if name.endswith("_on"):
        return spoken_date(dt.date.fromisoformat(value))
    return {**dict(EndReason.choices), **dict(LivesIn.choices)}.get(value, str(value))
