"""Which questions share a page of the referral journey. Pure.

One question a page, except where a few belong together and are answered from the same paper.
"""

from collections.abc import Collection, Iterable

from .fact_types import Fact
from .facts import FACTS
from .outcomes import Outcome

PAGES: tuple[tuple[str, ...], ...] = (
    ("learning_disability", "autism"),
    ("inpatient", "mental_health_act_section", "fit_for_discharge", "could_live_in_community"),
    ("high_level_domains", "under_paediatrician", "under_camhs_consultant"),
    ("ehc_plan", "may_benefit"),
    ("mental_health_need", "long_term_condition", "diabetes", "services_not_working", "end_of_life"),
)

# The questions of the last page settle nothing about entitlement: they decide warnings, method and direct payment.
BUDGET_PAGE = "budget"
BUDGET_QUESTIONS: tuple[str, ...] = ("chc_fast_track", "lives_in", "joint_funded", "asks_for", "drug_or_alcohol_order")
GIVES_NOTHING_NOW = (Outcome.NOT_OFFERED, Outcome.NOT_YET_OFFERED)


def page_of(code: str) -> tuple[str, ...]:
    """The questions that share a page with this one, itself among them."""
    return next((page for page in PAGES if code in page), (code,))


def questions_on_page(code: str, still_matter: Iterable[Fact]) -> list[Fact]:
    """What to ask on the page of ``code``: itself, and those of its page that can still change the answer."""
    matter = {fact.code for fact in still_matter}
    return [FACTS[each] for each in page_of(code) if each == code or each in matter]


def budget_questions(outcome: Outcome, facts: dict[str, object]) -> list[Fact]:
    """The questions about the budget itself, where there may be one. Fast track is a matter of CHC only."""
    if outcome in GIVES_NOTHING_NOW:
        return []
    is_chc = facts.get("chc") == "eligible"
    return [FACTS[code] for code in BUDGET_QUESTIONS if code != "chc_fast_track" or is_chc]


def unasked(questions: Iterable[Fact], asked: Collection[str]) -> list[Fact]:
    """Those not put to the user yet; one that was answered "not known yet" is not put again."""
    return [fact for fact in questions if fact.code not in asked]
