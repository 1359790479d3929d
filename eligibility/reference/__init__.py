"""The rule sets that arrive with `migrate`: the national rights, and what LLR offers beyond them."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules import read_rule_set_file
from offers.models import Cohort
from phb_register.models import Commissioner

FOLDER = Path(__file__).parent
FILES = ("national.json", "llr.json")


def load_rule_sets() -> None:
    """Add the rule sets that are not there yet, with all their versions; safe to repeat.

    A rule set that exists belongs to those who edit it and is left alone. Raises ``RulesRefused`` for a faulty file.
    """
    for name in FILES:
        add_rule_sets(json.loads((FOLDER / name).read_text(encoding="utf-8")))


@transaction.atomic
def add_rule_sets(data: dict[str, Any]) -> list[RuleSet]:
    """Add the rule sets of a file whose codes are new, and return them.

    One of a commissioner that is not in the register is passed over.
    """
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
            )
            for version in versions
            if version.code == rule_set.code
        )
        added.append(rule_set)
    return added
