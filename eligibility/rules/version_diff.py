"""What differs between two versions, in words. Pure.

Comparing a version with itself finds nothing; whatever differs as data is found; and comparing the other way round
finds the same with added and removed, before and after, exchanged.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eligibility.rules.facts import FACTS
from eligibility.rules.outcomes import Funding, Outcome, RuleSetStatus
from eligibility.rules.rule_sets import RuleSet
from eligibility.rules.tree_diff import Change, Difference, canonical, compare_trees, matched, reordered

_MISSING = object()
_LABELS = {
    "title": "Title",
    "layer": "Layer",
    "cohort": "Cohort",
    "effective_from": "First day",
    "effective_to": "Last day",
    "status": "Status",
    "outcome": "What it gives",
    "says": "Sentence that explains it",
    "source": "Source",
    "chosen": "Chosen reading",
    "reading_note": "Why this reading",
    "funding": "Who is likely to pay",
    "kind": "kind",
    "text": "text",
    "at": "when it is looked at",
    "unless_policy": "setting that silences it",
    "facts": "facts",
    "expect": "expected",
    "assessed_on": "day of the screening",
    "commissioner": "commissioner",
    "why": "why",
    "id": "name",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {RuleSetStatus.IN_FORCE.value: "in force", RuleSetStatus.PROPOSED.value: "proposed"},
    "outcome": {outcome.value: outcome.words for outcome in Outcome},
    "kind": {
        Funding.NHS.value: "the NHS alone",
        Funding.INTEGRATED_LIKELY.value: "probably the NHS and the local authority together",
        Funding.NOT_SETTLED.value: "not settled",
    },
    "at": {"met": "when the criteria are met", "not_met": "when the criteria are not met"},
}
_TREES = ("applies_when", "readings", "parts", "warnings", "direct_payment_conditions", "cases")


def compare_versions(
    old: RuleSet,
    new: RuleSet,
    *,
    old_cases: Sequence[Mapping[str, Any]] = (),
    new_cases: Sequence[Mapping[str, Any]] = (),
) -> list[Difference]:
    """Every difference between two versions of a rule set but their numbers, in the order of a version's page.

    The worked cases, which are no part of the rules, are given beside them as a version keeps them.
    """
    return compare_values({**comparable(old), "cases": list(old_cases)}, {**comparable(new), "cases": list(new_cases)})


def comparable(rule_set: RuleSet) -> dict[str, Any]:
    """A version as data, without what only names it."""
    return {
        "title": rule_set.title,
        "layer": rule_set.layer.value,
        "cohort": rule_set.cohort,
        "effective_from": rule_set.effective_from.isoformat(),
        "effective_to": rule_set.effective_to.isoformat() if rule_set.effective_to else None,
        "status": rule_set.status.value,
        "outcome": rule_set.outcome.value,
        "source": rule_set.source,
        **rule_set.content(),
    }


def compare_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """The same for versions, or their contents alone, as raw data, which may be unfinished."""
    plain_old = {key: value for key, value in old.items() if key not in _TREES}
    plain_new = {key: value for key, value in new.items() if key not in _TREES}
    titles = (_part_titles(old), _part_titles(new))
    found = list(_fields(plain_old, plain_new, "", ""))
    found += compare_trees(old.get("applies_when"), new.get("applies_when"), "applies_when", "In every reading", titles)
    found += _readings(old.get("readings") or [], new.get("readings") or [], titles)
    found += _parts(old.get("parts") or {}, new.get("parts") or {}, titles)
    found += _listed("warnings", "Warning", old, new, titles)
    found += _listed("direct_payment_conditions", "Condition on direct payments", old, new, titles)
    found += _listed("cases", "Worked case", old, new, titles)
    return found


def _readings(old: list[Any], new: list[Any], titles: tuple[Mapping[str, str], ...]) -> Iterator[Difference]:
    pairs, gone, come = matched(old, new, _same_reading)
    for before, after in pairs:
        path, where = f"readings[{after}]", f"Reading {new[after].get('id')}"
        yield from _fields(_without(old[before], "criteria"), _without(new[after], "criteria"), path, where)
        trees = (old[before].get("criteria"), new[after].get("criteria"))
        yield from compare_trees(*trees, f"{path}.criteria", where, titles)
    for place in gone:
        yield Difference(f"readings[{place}]", Change.REMOVED, "Readings", _reading_words(old[place]), "")
    for place in come:
        yield Difference(f"readings[{place}]", Change.ADDED, "Readings", "", _reading_words(new[place]))
    yield from reordered(pairs, old, new, "readings", "Readings", (_reading_words, _reading_words))


def _parts(
    old: Mapping[str, Any], new: Mapping[str, Any], titles: tuple[Mapping[str, str], ...]
) -> Iterator[Difference]:
    for name in sorted({*old, *new}):
        path = f"parts.{name}"
        if name not in new:
            yield Difference(path, Change.REMOVED, "Parts", titles[0][name], "")
        elif name not in old:
            yield Difference(path, Change.ADDED, "Parts", "", titles[1][name])
        else:
            where = f"Part “{titles[1][name]}”"
            yield from _fields(_without(old[name], "criteria"), _without(new[name], "criteria"), path, where)
            trees = (old[name].get("criteria"), new[name].get("criteria"))
            yield from compare_trees(*trees, f"{path}.criteria", where, titles)


def _listed(
    key: str, where: str, old: Mapping[str, Any], new: Mapping[str, Any], titles: tuple[Mapping[str, str], ...]
) -> Iterator[Difference]:
    """Lists of objects: warnings, conditions on direct payments, worked cases."""
    olds, news = old.get(key) or [], new.get(key) or []
    pairs, gone, come = matched(olds, news, _same_item)
    for before, after in pairs:
        path, name = f"{key}[{after}]", f"{where} “{_item_words(news[after])}”"
        yield from _fields(_without(olds[before], "when"), _without(news[after], "when"), path, name)
        yield from compare_trees(olds[before].get("when"), news[after].get("when"), f"{path}.when", name, titles)
    for place in gone:
        yield Difference(f"{key}[{place}]", Change.REMOVED, where, _item_words(olds[place]), "")
    for place in come:
        yield Difference(f"{key}[{place}]", Change.ADDED, where, "", _item_words(news[place]))
    yield from reordered(pairs, olds, news, key, where, (_item_words, _item_words))


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], path: str, where: str) -> Iterator[Difference]:
    """Named values, one by one; a value that is an object itself is looked into."""
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, _MISSING), new.get(key, _MISSING)
        if key in old and key in new and canonical(before) == canonical(after):
            continue
        at = f"{path}.{key}" if path else key
        label = f"{where}, {_label(key)}" if where else _label(key)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _fields(before, after, at, label)
            continue
        words = (_value_words(key, before), _value_words(key, after))
        yield Difference(at, _kind(*words), label, *words)


def _kind(before: str, after: str) -> Change:
    if before and not after:
        return Change.REMOVED
    return Change.ADDED if after and not before else Change.CHANGED


def _label(key: str) -> str:
    return FACTS[key].label if key in FACTS else _LABELS.get(key, key.replace("_", " "))


def _value_words(key: str, value: Any) -> str:
    if value is _MISSING:
        return ""
    if value is None:
        return "not known yet" if key in FACTS else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        if key in FACTS:
            return next((choice.label for choice in FACTS[key].choices if choice.value == value), value)
        return _WORDS.get(key, {}).get(value) or _date_words(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _date_words(value: str) -> str:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%B %Y}"


def _same_reading(one: Any, other: Any) -> float:
    same = {"id": 10, "criteria": 5, "title": 3}
    return sum(weight for key, weight in same.items() if one.get(key) == other.get(key))


def _same_item(one: Any, other: Any) -> float:
    """How alike two objects are; two with names are the same only by the name."""
    if "id" in one or "id" in other:
        return float(one.get("id") == other.get("id"))
    shared = sum(1 for key in ("text", "source", "kind", "when") if one.get(key) and one.get(key) == other.get(key))
    return shared if one.get("text") == other.get("text") or one.get("source") == other.get("source") else 0


def _reading_words(reading: Any) -> str:
    return f"{reading.get('id')}: {reading.get('title')}"


def _item_words(item: Any) -> str:
    return str(item.get("text") or item.get("id") or "without a name")


def _without(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


def _part_titles(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(part.get("title") or name) for name, part in (values.get("parts") or {}).items()}
