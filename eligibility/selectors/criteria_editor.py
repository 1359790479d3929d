"""What the pages on which criteria are written need to know."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from eligibility.models import RuleSet, RuleSetVersion
from phb_register.models import User
from phb_register.roles import Permission


def version_to_write(user: User, code: str, number: int) -> RuleSetVersion | None:
    """The version, whatever its state, if the user may write the rule sets of whoever it belongs to."""
    rule_sets = RuleSet.objects.visible_to(user, Permission.WRITE_RULES)
    versions = RuleSetVersion.objects.filter(rule_set__in=rule_sets, rule_set__code=code, number=number)
    return versions.select_related("rule_set__cohort", "rule_set__commissioner").first()


def last_editor(version: RuleSetVersion) -> str:
    """Who saved the version last; empty for one that came with the product."""
    edit = version.edits.select_related("edited_by").last()
    return edit.edited_by.full_name if edit else ""


def rule_sets_by_fact(user: User) -> dict[str, list[RuleSet]]:
    """The rule sets the user may read whose approved versions look at a fact, by the fact's code."""
    found: dict[str, dict[int, RuleSet]] = defaultdict(dict)
    approved = RuleSetVersion.objects.approved().filter(rule_set__in=RuleSet.objects.visible_to(user))
    for version in approved.select_related("rule_set").order_by("rule_set__title"):
        for code in _facts_named(version.content):
            found[code][version.rule_set_id] = version.rule_set
    return {code: list(rule_sets.values()) for code, rule_sets in found.items()}


def _facts_named(content: Any) -> set[str]:
    """The codes of all facts that a content compares, wherever in it."""
    found: set[str] = set()
    waiting = [content]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            if isinstance(here.get("fact"), str):
                found.add(here["fact"])
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return found
