"""How a commissioner counts, in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from phb_register.presenters import spoken_date, spoken_moment
from phb_register.tables import Column, table_params
from reporting import measures as m
from reporting.models import CountingPolicyChange
from reporting.rules.counting import DEFAULT_POLICY, DEFAULT_SOURCE, SWITCHES, CountingPolicy, Switch, switch_words


def switches_table(policy: CountingPolicy, on: dt.date) -> dict[str, Any]:
    """Every switch: how it stands, what the national collection is taken to say, and the figures it governs."""
    columns: list[Column[Switch]] = [
        Column("Switch", lambda each: f"{each.label} ({each.letter})"),
        Column("How it is counted", lambda each: each.said(policy)),
        Column("Unless set here", lambda each: each.said(DEFAULT_POLICY)),
        Column("Figures it governs", _governed),
    ]
    return table_params(columns, SWITCHES, caption=f"How figures as at {spoken_date(on)} are counted", is_stacked=True)


def changes_table(changes: Iterable[CountingPolicyChange]) -> dict[str, Any]:
    """What was set, the latest to apply first."""
    columns: list[Column[CountingPolicyChange]] = [
        Column("Applies from", lambda each: spoken_date(each.applies_from)),
        Column("What differs from the national collection", lambda each: _differs(each.policy)),
        Column("Source", lambda each: each.source),
        Column("Recorded", lambda each: f"{spoken_moment(each.recorded_at)} by {each.recorded_by or 'the system'}"),
    ]
    return table_params(columns, list(changes), caption="What was set here", is_stacked=True)


def source_words(source: str) -> str:
    """Where the way of counting comes from."""
    return f"Source: {source or DEFAULT_SOURCE}."


def _governed(switch: Switch) -> str:
    named = [each.label for each in m.OF_SPELLS if switch_words(switch.field) in each.policy]
    every = [each for each in m.OF_SPELLS if each.has_people]
    return "Every figure of budgets and people" if len(named) >= len(every) else "; ".join(named)


def _differs(policy: CountingPolicy) -> str:
    said = [
        f"{each.label} ({each.letter}): {each.said(policy)}"
        for each in SWITCHES
        if getattr(policy, each.field) != getattr(DEFAULT_POLICY, each.field)
    ]
    return "; ".join(said) or "Nothing"
