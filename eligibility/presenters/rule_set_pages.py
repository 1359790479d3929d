"""All that the page of a version, and the page of two versions side by side, are made of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse

from eligibility.enums import ApprovalStatus
from eligibility.models import RuleSetVersion
from eligibility.policies import can_with_rules, had_a_hand_in, version_moves
from eligibility.rules import RuleSetStatus
from eligibility.rules.content_checks import content_problems
from eligibility.rules.tree_diff import Difference
from eligibility.rules.version_diff import compare_versions
from eligibility.selectors.rule_set_pages import VersionRecord, rules_of
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.tables import Column, table_params

from .answers import Tag
from .criteria import readings_view
from .rule_sets import (
    approval_tag,
    cases_words,
    compare_links,
    edit_links,
    history_rows,
    is_statement,
    move_buttons,
    notes_of,
    version_rows,
    version_url,
)
from .worked_cases import shown_cases

# What `compare_versions` calls a case of which all came or went.
CASE = "Worked case"
_KINDS = {"added": "Added", "removed": "Removed", "changed": "Changed", "moved": "Moved"}


def version_page(record: VersionRecord, user: User, today: dt.date) -> dict[str, Any]:
    """The page of one version."""
    version = record.version
    is_draft = version.approval_status == ApprovalStatus.DRAFT
    may_write = can_with_rules(user, Permission.WRITE_RULES, version.rule_set)
    return {
        "version": version,
        "rule_set": version.rule_set,
        "tags": [approval_tag(version), status_tag(version)],
        "is_statement": is_statement(version),
        "rows": version_rows(version),
        "criteria": readings_view(version.content),
        "notes": notes_of(version),
        "faults": [str(problem) for problem in content_problems(version.content)],
        "moves": move_buttons(version, version_moves(user, version, today)),
        "must_be_another": _must_be_another(user, version),
        "edit_links": edit_links(version) if is_draft and may_write else [],
        "may_edit": is_draft and may_write,
        "may_start": may_write,
        "history": history_rows(record.transitions, record.edits),
        "compare_links": compare_links(version, record.others),
        "implications_url": reverse("eligibility:resource-implications", args=[version.rule_set.code, version.number]),
        "files": {"version": version_url(version, "version-file"), "cases": version_url(version, "cases-file")},
        **cases_part(record),
    }


def cases_part(record: VersionRecord) -> dict[str, Any]:
    """How the worked cases come out: in words, and each."""
    failed = [result for result in record.results if not result.has_passed]
    if record.case_faults:
        words = "The worked cases could not be run."
    else:
        words = cases_words(len(record.results) - len(failed), len(failed))
    return {
        "cases": shown_cases(record.version, record.results),
        "cases_words": words,
        "case_faults": record.case_faults,
        "failed": [f"{result.case.id}: {result.in_words}" for result in failed],
    }


def status_tag(version: RuleSetVersion) -> Tag:
    """Whether its criteria are in force or proposed, as a tag."""
    if version.status == RuleSetStatus.IN_FORCE:
        return Tag("Criteria in force", "nhsuk-tag--aqua-green")
    return Tag("Criteria proposed", "nhsuk-tag--yellow")


def comparison_page(old: RuleSetVersion, new: RuleSetVersion) -> dict[str, Any]:
    """Two versions side by side."""
    before, after = rules_of(old), rules_of(new)
    unread = [each for each, rules in ((old, before), (new, after)) if rules is None]
    differences = compare_versions(before, after, old_cases=old.cases, new_cases=new.cases) if before and after else []
    return {
        "rule_set": old.rule_set,
        "old": old,
        "new": new,
        "unread": unread,
        "table": difference_table(differences) if differences else None,
        "sides": [(old, readings_view(old.content)), (new, readings_view(new.content))],
    }


def difference_table(differences: Sequence[Difference]) -> dict[str, Any]:
    """What differs, with the worked cases that came and went on one line each."""
    told = [each for each in differences if not _is_whole_case(each)]
    for kind in ("added", "removed"):
        cases = [each for each in differences if _is_whole_case(each) and each.kind == kind]
        if cases:
            before, after = (
                "; ".join(filter(None, (getattr(each, side) for each in cases))) for side in ("before", "after")
            )
            told.append(replace(cases[0], where="Worked cases" if len(cases) > 1 else CASE, before=before, after=after))
    table = table_params(_DIFFERENCE_COLUMNS, told, caption="What differs", is_responsive=True)
    return table | {"tableClasses": "app-table-of-texts"}


def _is_whole_case(difference: Difference) -> bool:
    return difference.where == CASE and difference.kind in ("added", "removed")


_DIFFERENCE_COLUMNS: list[Column[Difference]] = [
    Column("Where", lambda row: row.where),
    Column("What", lambda row: _KINDS[row.kind]),
    Column("Before", lambda row: row.before or "–"),
    Column("After", lambda row: row.after or "–"),
]


def _must_be_another(user: User, version: RuleSetVersion) -> bool:
    """Whether the user could approve it, had they not had a hand in it."""
    return (
        version.approval_status == ApprovalStatus.SUBMITTED
        and can_with_rules(user, Permission.APPROVE_RULES, version.rule_set)
        and had_a_hand_in(user, version)
    )
