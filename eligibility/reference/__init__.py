"""The rule sets that arrive with `migrate`: the national rights, and what LLR and Somerset offer beyond them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pgtrigger
from django.db import transaction

from eligibility.enums import ApprovalStatus
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules import read_rule_set_file
from offers.models import Cohort
from phb_register.models import Commissioner

FOLDER = Path(__file__).parent
FILES = ("national.json", "llr.json", "somerset.json")
WORKED_CASES = FOLDER / "worked-cases.json"


def load_rule_sets() -> None:
    """Add the rule sets that are not there yet, with all their versions; safe to repeat.

    A rule set that exists belongs to those who edit it and is left alone. Raises ``RulesRefused`` for a faulty file.
    """
    for name in FILES:
        add_rule_sets(json.loads((FOLDER / name).read_text(encoding="utf-8")))
    _fill_in_cases(worked_cases())


@transaction.atomic
def add_rule_sets(data: dict[str, Any]) -> list[RuleSet]:
    """Add the rule sets of a file whose codes are new, and return them.

    Their versions are approved as they come, with their worked cases, and have nobody who prepared them. One of a
    commissioner that is not in the register is passed over.
    """
    cases = worked_cases()
    versions = read_rule_set_file(data)
    known = set(RuleSet.objects.values_list("code", flat=True))
    cohorts = Cohort.objects.in_bulk(field_name="code")
    codes = {each.get("commissioner") for each in data["rule_sets"]} - {None}
    commissioners = Commissioner.objects.filter(code__in=codes).in_bulk(field_name="code")
    added: list[RuleSet] = []
    for each in data["rule_sets"]:
        owner = each.get("commissioner")
        if each["code"] in known or (owner is not None and owner not in commissioners):
            continue
        rule_set = RuleSet.objects.create(
            code=each["code"],
            title=each["title"],
            cohort=cohorts[each["cohort"]],
            commissioner=commissioners[owner] if owner is not None else None,
        )
        RuleSetVersion.objects.bulk_create(
            RuleSetVersion(
                rule_set=rule_set,
                number=version.number,
                effective_from=version.effective_from,
                effective_to=version.effective_to,
                status=version.status,
                outcome=version.outcome,
                source=version.source,
                content=version.content(),
                cases=cases.get((version.code, version.number), []),
                approval_status=ApprovalStatus.APPROVED,
            )
            for version in versions
            if version.code == rule_set.code
        )
        added.append(rule_set)
    return added


@cache
def worked_cases() -> dict[tuple[str, int], list[dict[str, Any]]]:
    """The worked cases that come with the product, by the rule set and version that carries them.

    Each with every fact, so that it stands by itself in whatever version it is copied to.
    """
    data = json.loads(WORKED_CASES.read_text(encoding="utf-8"))
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for case in data["cases"]:
        whole = {key: value for key, value in case.items() if key != "of"}
        for name in case.get("of", ()):
            code, _, number = name.partition("/")
            found.setdefault((code, int(number)), []).append({**whole, "facts": {**data["defaults"], **case["facts"]}})
    return found


def nothing_known_to_help() -> dict[str, Any]:
    """The facts of somebody of whom everything is known and nothing gives a budget, as worked cases begin."""
    defaults: dict[str, Any] = json.loads(WORKED_CASES.read_text(encoding="utf-8"))["defaults"]
    return defaults


def _fill_in_cases(cases: dict[tuple[str, int], list[dict[str, Any]]]) -> None:
    """Give the versions that came without worked cases those they come with now.

    This is the one edit of an approved version, and only of one that came with the product: cases check what it says
    and never change it.
    """
    came = RuleSetVersion.objects.approved().filter(prepared_by__isnull=True, rule_set__code__in={c for c, _ in cases})
    without = [version for version in came.select_related("rule_set") if not version.cases]
    for version in without:
        version.cases = cases.get((version.rule_set.code, version.number), [])
    with pgtrigger.ignore("eligibility.RuleSetVersion:rule_set_version_frozen"):
        RuleSetVersion.objects.bulk_update([version for version in without if version.cases], ["cases"])
