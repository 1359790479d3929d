"""How a PHB is said on a page: words, dates, pounds, the rows of tables and summary lists, colours of tags."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from budgets.enums import EndReason, Funder, LivesIn, Method, State
from budgets.models import FundingShare, MethodPart, PersonalHealthBudget
from budgets.rules.agreement import state_on
from budgets.selectors.personal_health_budgets import Change
from budgets.selectors.register_file import RegisterRow
from budgets.selectors.register_pages import RegisterPage
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.rules import age_on
from phb_register.tables import Column

STATE_WORDS = {State.AGREED: "Agreed, not started", State.IN_PLACE: "In place", State.ENDED: "Ended"}
STATE_TAGS = {State.AGREED: "nhsuk-tag--blue", State.IN_PLACE: "nhsuk-tag--green", State.ENDED: "nhsuk-tag--grey"}


METHOD_WORDS: dict[str, str] = {code: str(label) for code, label in Method.choices}


class _Dated(Protocol):
    @property
    def starts_on(self) -> dt.date: ...

    @property
    def ends_on(self) -> dt.date | None: ...


class Spell(_Dated, Protocol):
    """A way the money is managed, from a day on: a row of the table, or the values of one."""

    @property
    def method(self) -> str: ...


Dated = TypeVar("Dated", bound=_Dated)


def pounds(amount: Decimal | None) -> str:
    """An amount as it is written: £12,500.00, −£20.00; a dash for none."""
    if amount is None:
        return "–"
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"


def percent(value: Decimal) -> str:
    """A percentage without needless noughts: 66.67%, 70%."""
    return f"{value.normalize():f}%"


def state_words(phb: PersonalHealthBudget, day: dt.date) -> str:
    """What the PHB is at the end of the day."""
    state = phb.state_on(day)
    return STATE_WORDS[state] if state else "Not agreed yet"


def state_tag(phb: PersonalHealthBudget, day: dt.date) -> SafeString:
    """The same as a coloured tag."""
    colour = STATE_TAGS.get(phb.state_on(day) or State.ENDED, "nhsuk-tag--grey")
    return render_component("tag", {"text": state_words(phb, day), "classes": colour})


def methods_on(phb: PersonalHealthBudget, day: dt.date) -> str:
    """How the money is managed at the end of the day; of one that had ended, how it was when it ended."""
    return methods_in_words(phb.method_parts.all(), phb.ended_on, day)


def methods_in_words(parts: Iterable[Spell], ended_on: dt.date | None, day: dt.date) -> str:
    """The same of parts in the order they began, and of the day their PHB ended."""
    every = list(parts)
    # One that was replaced on its first day was never in force.
    parts = [part for part in every if part.ends_on is None or part.starts_on < part.ends_on]
    in_force = [each for each in parts if each.starts_on <= day and (each.ends_on is None or each.ends_on > day)]
    if not in_force and ended_on is not None and ended_on <= day:
        in_force = [each for each in parts if each.ends_on == ended_on]
    if not in_force:
        # Agreed, with methods that begin when it starts.
        in_force = [each for each in parts if each.ends_on is None]
    if not in_force:
        # It ended on the day it began, or before it started.
        in_force = [each for each in every if each.ends_on == ended_on]
    names = [METHOD_WORDS[part.method] for part in in_force]
    return names[0] if len(names) == 1 else f"Mixed: {', '.join(name.lower() for name in names)}"


def shares_on(phb: PersonalHealthBudget, day: dt.date) -> list[FundingShare]:
    """Who pays at the end of the day; before the PHB was agreed, who would have from then on."""
    return in_force_on(phb.funding_shares.all(), day)


def in_force_on(shares: Iterable[Dated], day: dt.date) -> list[Dated]:
    """Those that hold at the end of the day, or else those that have no end."""
    every = list(shares)
    in_force = [each for each in every if each.starts_on <= day and (each.ends_on is None or each.ends_on > day)]
    return in_force or [each for each in every if each.ends_on is None]


def short_date(day: dt.date | None) -> str:
    """A date for a narrow cell, on one line: 7 Feb 2017; a dash for none."""
    return f"{day.day}\u00a0{day:%b}\u00a0{day.year}" if day else "–"


def register_columns(day: dt.date) -> list[Column[PersonalHealthBudget]]:
    """The columns of the register on a page, as at a date."""
    return [
        Column("Name", lambda phb: phb.person.display_name, link=budget_url),
        # The groups of the number stay on one line.
        Column("NHS number", lambda phb: phb.person.display_nhs_number.replace(" ", "\u00a0")),
        Column("Cohort", lambda phb: phb.cohort.name),
        Column("State", lambda phb: state_tag(phb, day)),
        Column("Method", lambda phb: methods_on(phb, day)),
        Column("Agreed", lambda phb: short_date(phb.agreed_on)),
        Column("Started", lambda phb: short_date(phb.started_on)),
        Column("Annual amount", lambda phb: pounds(phb.annual_amount), is_number=True),
    ]


def file_columns(day: dt.date) -> list[Column[RegisterRow]]:
    """The columns of the register in a file, as at a date: one record a row, dates and numbers plain."""
    return [
        Column("Reference", lambda row: row.reference),
        Column("NHS number", lambda row: row.nhs_number or ""),
        Column("Family name", lambda row: row.family_name),
        Column("Given name", lambda row: row.given_name),
        Column("Date of birth", lambda row: row.born_on),
        Column("Age", lambda row: age_on(row.born_on, day), is_number=True),
        Column("Commissioner code", lambda row: row.commissioner_code),
        Column("Commissioner", lambda row: row.commissioner_name),
        Column("Cohort", lambda row: row.cohort_code),
        Column("Fast track", lambda row: row.is_fast_track),
        Column("Lives in", lambda row: row.lives_in),
        Column(
            "State",
            lambda row: state_on(day, agreed_on=row.agreed_on, started_on=row.started_on, ended_on=row.ended_on) or "",
        ),
        Column("Methods", lambda row: methods_in_words(row.method_parts, row.ended_on, day)),
        Column("NHS share", lambda row: _share_of(row, Funder.NHS, day), is_number=True),
        Column("Local authority share", lambda row: _share_of(row, Funder.LOCAL_AUTHORITY, day), is_number=True),
        Column("Education share", lambda row: _share_of(row, Funder.EDUCATION, day), is_number=True),
        Column("Annual amount", lambda row: row.annual_amount, is_number=True),
        Column("Previous annual amount", lambda row: row.previous_annual_amount, is_number=True),
        Column("Agreed on", lambda row: row.agreed_on),
        Column("Started on", lambda row: row.started_on),
        Column("Ended on", lambda row: row.ended_on),
        Column("End reason", lambda row: row.end_reason),
    ]


def _share_of(row: RegisterRow, funder: Funder, day: dt.date) -> Decimal:
    in_force = in_force_on(row.funding_shares, day)
    return sum((share.percent for share in in_force if share.funder == funder), Decimal(0))


def budget_url(phb: PersonalHealthBudget) -> str:
    """The address of a PHB's page."""
    return reverse("budgets:personal-health-budget", args=[phb.reference])


def register_url() -> str:
    """The address of the register."""
    return reverse("budgets:register")


def page_links(page: RegisterPage, query: str) -> dict[str, Any]:
    """The parameters of the pagination component. `query` is the filters, already encoded."""
    address, start = register_url(), f"{query}&" if query else ""
    links: dict[str, Any] = {}
    if page.newer:
        links["previous"] = {"href": f"{address}?{start}newer_than={page.newer}", "text": "Newer"}
    if page.older:
        links["next"] = {"href": f"{address}?{start}older_than={page.older}", "text": "Older"}
    return links


def budget_rows(phb: PersonalHealthBudget, today: dt.date) -> list[dict[str, Any]]:
    """The summary of a PHB."""
    rows: list[tuple[str, Any]] = [
        ("Cohort", phb.cohort.name),
        ("Accountable commissioner", phb.commissioner.name),
        ("Agreed on", f"{spoken_date(phb.agreed_on)}, by {phb.agreed_by}"),
        ("Started on", spoken_date(phb.started_on) if phb.started_on else "Not started"),
        ("How the money is managed", methods_on(phb, today)),
        ("Annual amount", pounds(phb.annual_amount)),
        ("Package it replaces", _replaced(phb)),
        ("Lives in", phb.get_lives_in_display()),
        ("Fast track", "Yes" if phb.is_fast_track else "No"),
    ]
    if phb.is_one_off:
        rows.append(("One-off", "Yes"))
    if phb.ended_on:
        rows.append(("Ended on", f"{spoken_date(phb.ended_on)}. {phb.get_end_reason_display()}"))
    return summary(rows)


def _replaced(phb: PersonalHealthBudget) -> str:
    """What the package it replaces cost, and how far the PHB lies under or over that."""
    before = phb.previous_annual_amount
    if before is None:
        return "None"
    difference = before - phb.annual_amount
    side = "less" if difference > 0 else "more"
    said = f"The budget is {pounds(abs(difference))} {side}" if difference else "The budget is the same"
    return f"{pounds(before)} a year. {said}"


def until_words(part: MethodPart) -> str:
    """When a part ends, or that it goes on, or that another one took its place before it was in force."""
    if part.ends_on is None:
        return "Goes on"
    return spoken_date(part.ends_on) if part.starts_on < part.ends_on else "Replaced before it began"


METHOD_COLUMNS: list[Column[MethodPart]] = [
    Column("Method", lambda part: part.get_method_display()),
    Column("From", lambda part: spoken_date(part.starts_on)),
    Column("Until", lambda part: until_words(part)),
    Column("Amount a year", lambda part: pounds(part.annual_amount), is_number=True),
]


def share_columns(annual_amount: Decimal) -> list[Column[FundingShare]]:
    """Who pays which share, and what that is of the annual amount, rounded to the penny."""
    return [
        Column("Paid by", lambda share: share.body_name or share.get_funder_display()),
        Column("Share", lambda share: percent(share.percent), is_number=True),
        Column(
            "About a year",
            lambda share: pounds((annual_amount * share.percent / 100).quantize(Decimal("0.01"))),
            is_number=True,
        ),
    ]


def panel_columns(today: dt.date) -> list[Column[PersonalHealthBudget]]:
    """The columns of a person's PHBs on their page."""
    return [
        Column("Cohort", lambda phb: phb.cohort.name, link=budget_url),
        Column("State", lambda phb: state_tag(phb, today)),
        Column("Method", lambda phb: methods_on(phb, today)),
        Column("Agreed", lambda phb: spoken_date(phb.agreed_on)),
        Column("Started", lambda phb: spoken_date(phb.started_on)),
        Column("Ended", lambda phb: spoken_date(phb.ended_on)),
        Column("Annual amount", lambda phb: pounds(phb.annual_amount), is_number=True),
    ]


_FIELD_WORDS: dict[str, str] = {
    "agreed_on": "agreed on",
    "started_on": "started on",
    "ended_on": "ended on",
    "end_reason": "reason it ended",
    "annual_amount": "annual amount",
    "previous_annual_amount": "package it replaces",
    "is_fast_track": "fast track",
    "lives_in": "lives in",
    "is_one_off": "one-off",
    "method": "method",
    "starts_on": "from",
    "ends_on": "until",
    "funder": "funder",
    "body_name": "body",
    "percent": "share",
}
_LABELS: dict[str, dict[str, str]] = {
    "end_reason": dict(EndReason.choices),
    "lives_in": dict(LivesIn.choices),
    "method": dict(Method.choices),
    "funder": dict(Funder.choices),
}

HISTORY_COLUMNS: list[Column[Change]] = [
    Column("Recorded", lambda change: spoken_moment(change.now.pgh_created_at)),
    Column("By", lambda change: change.by or "The system"),
    Column("What", lambda change: change_words(change)),
]


def change_words(change: Change) -> SafeString:
    """One entry of the history in words: what was recorded, or what it was and became."""
    now, before = change.now, change.before
    named = _named(change)
    if change.is_removal:
        return format_html("{}: taken out", named)
    fields = [name for name in _FIELD_WORDS if hasattr(now, name)]
    if before is None:
        kept = [name for name in fields if getattr(now, name) not in (None, "", False)]
        said = "; ".join(f"{_FIELD_WORDS[name]} {_value_words(name, getattr(now, name))}" for name in kept)
        return format_html("{}: {}", named, said)
    changed = [name for name in fields if getattr(now, name) != getattr(before, name)]
    if not changed:
        return format_html("{}: moved with a record of the person, by a merge or its reversal", named)
    said = "; ".join(
        f"{_FIELD_WORDS[name]} {_value_words(name, getattr(now, name))}, "
        f"before: {_value_words(name, getattr(before, name))}"
        for name in changed
    )
    return format_html("{}: {}", named, said)


def _named(change: Change) -> str:
    if change.kind is MethodPart:
        return f"{Method(change.now.method).label}"  # type: ignore[attr-defined]
    if change.kind is FundingShare:
        return "Funding share"
    return "Personal health budget"


def _value_words(name: str, value: Any) -> str:
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return spoken_date(value)
    if name == "percent":
        return percent(value)
    if isinstance(value, Decimal):
        return pounds(value)
    return _LABELS.get(name, {}).get(value, str(value))
