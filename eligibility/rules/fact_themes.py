"""The vocabulary by theme, for people who look for a fact to write criteria with. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from eligibility.rules.fact_types import Fact
from eligibility.rules.facts import AGE, comparable_codes, fact_for_rule

_THEMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("About the person", (AGE, "lives_in")),
    ("Continuing healthcare and continuing care", ("chc", "chc_fast_track", "continuing_care", "high_level_domains")),
    ("Learning disability and autism", ("learning_disability", "autism")),
    (
        "Mental health and hospital",
        (
            "mental_health_need",
            "s117_aftercare",
            "inpatient",
            "mental_health_act_section",
            "fit_for_discharge",
            "could_live_in_community",
        ),
    ),
    ("Doctors and children’s services", ("under_paediatrician", "under_camhs_consultant", "ehc_plan", "may_benefit")),
    ("Conditions and equipment", ("wheelchair_need", "long_term_condition", "diabetes", "end_of_life")),
    ("Services and funding", ("needs_above_local_authority", "services_not_working", "joint_funded")),
    ("Budget asked for", ("asks_for", "drug_or_alcohol_order")),
)
_OTHERS = "Other facts"


@dataclass(frozen=True, slots=True)
class Theme:
    """Facts that belong together, and what they are about."""

    title: str
    facts: tuple[Fact, ...]


def themes() -> list[Theme]:
    """Every fact that criteria may compare, each in one theme; what was put in none comes last."""
    placed = {code for _title, codes in _THEMES for code in codes}
    others = tuple(code for code in comparable_codes() if code not in placed)
    grouped = [
        Theme(title, tuple(fact for code in codes if (fact := fact_for_rule(code)) is not None))
        for title, codes in (*_THEMES, (_OTHERS, others))
    ]
    return [theme for theme in grouped if theme.facts]
