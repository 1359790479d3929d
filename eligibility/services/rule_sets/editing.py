"""Making rule sets and editing the drafts of their versions."""

import copy
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from eligibility import policies
from eligibility.enums import ApprovalStatus, VersionPart
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules import Outcome, RuleSetStatus
from eligibility.rules.case_lists import cases_to_keep
from eligibility.rules.rule_set_states import START
from eligibility.selectors.rule_sets import commissioners_by_code
from offers.models import Cohort
from phb_register import audit, clock, scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .support import draft_for_edit, locked_rule_set, note_edit, record_transition, save_edit

#: A version that is begun with nothing in it: one reading, whose criteria are still to be written.
EMPTY_CONTENT: dict[str, Any] = {
    "says": "",
    "applies_when": None,
    "readings": [{"id": "R1", "title": "As written", "criteria": {"all": []}}],
    "chosen": "R1",
    "reading_note": "",
    "funding": {"kind": "nhs", "text": "", "source": ""},
    "warnings": [],
    "direct_payment_conditions": [],
}
_CODE_LENGTH = 60
# What stands in the place of a code in the addresses of pages.
_NOT_CODES = ("facts", "import", "new")


@transaction.atomic
def create_rule_set(
    *, commissioner: Commissioner, title: str, cohort: Cohort, by: User, code: str | None = None
) -> RuleSet:
    """Add a rule set of a commissioner or partnership, without versions. Its code is made from the title.

    ``code`` keeps the code of an imported one, if it is free. Raises ``PermissionDenied``, and ``Refused`` for a
    commissioner that has closed, or a cohort that is another's own.
    """
    scope.check(by, Permission.WRITE_RULES, commissioner)
    if not commissioner.is_open_on(clock.today()):
        raise Refused(f"{commissioner} has closed. Select who is responsible now", field="commissioner")
    if not Cohort.objects.used_by([commissioner.pk]).filter(pk=cohort.pk).exists():
        raise Refused(f"The local offer of {commissioner} does not know this cohort. Select another", field="cohort")
    rule_set = RuleSet.objects.create(
        code=_free_code(code or title), title=title.strip(), cohort=cohort, commissioner=commissioner
    )
    audit.record(
        actor=by, action="create-rule-set", subject=rule_set, commissioner=commissioner, detail={"code": rule_set.code}
    )
    return rule_set


@transaction.atomic
def start_version(
    *,
    rule_set: RuleSet,
    effective_from: dt.date,
    change_note: str,
    by: User,
    copy_of: RuleSetVersion | None = None,
) -> RuleSetVersion:
    """Start the next version as a draft: a copy of another, worked cases and all, or an empty one.

    ``by`` has prepared it then, and can never approve it. The same again, before anything in it is edited, is the same
    version: somebody pressed twice. Raises ``PermissionDenied``, and ``Refused`` for a version
    of another rule set.
    """
    rule_set = locked_rule_set(rule_set)
    policies.check_rules_permission(by, Permission.WRITE_RULES, rule_set)
    if copy_of is not None and copy_of.rule_set_id != rule_set.pk:
        raise Refused("Select a version of this rule set to start from", field="copy_of")
    fields: dict[str, Any] = {
        "status": copy_of.status if copy_of else RuleSetStatus.PROPOSED.value,
        "outcome": copy_of.outcome if copy_of else Outcome.MAY_BE_CONSIDERED.value,
        "source": copy_of.source if copy_of else "",
        "content": copy.deepcopy(copy_of.content if copy_of else EMPTY_CONTENT),
        "cases": copy.deepcopy(copy_of.cases) if copy_of else [],
    }
    last = rule_set.versions.last()
    asked = {"effective_from": effective_from, "change_note": change_note.strip(), "prepared_by": by, **fields}
    if last is not None and _is_untouched(last) and all(getattr(last, name) == asked[name] for name in asked):
        return last
    return add_draft(rule_set, effective_from=effective_from, change_note=change_note, by=by, fields=fields)


def _is_untouched(version: RuleSetVersion) -> bool:
    return version.approval_status == ApprovalStatus.DRAFT and version.revision == 1


def add_draft(
    rule_set: RuleSet, *, effective_from: dt.date, change_note: str, by: User, fields: Mapping[str, Any]
) -> RuleSetVersion:
    """Add a draft to a rule set that is locked and whose permission has been checked."""
    last = rule_set.versions.order_by("-number").first()
    version = RuleSetVersion.objects.create(
        rule_set=rule_set,
        number=last.number + 1 if last else 1,
        effective_from=effective_from,
        change_note=change_note.strip(),
        prepared_by=by,
        edited_at=clock.now(),
        **fields,
    )
    note_edit(version, VersionPart.START, by=by)
    record_transition(version, START, by=by)
    return version


@transaction.atomic
def change_version_details(
    *, version: RuleSetVersion, details: Mapping[str, Any], revision: int, by: User
) -> RuleSetVersion:
    """Change a draft's dates, status, outcome, source and note, and of its content what it says and who pays.

    ``details`` holds ``effective_from``, ``effective_to``, ``status``, ``outcome``, ``source``, ``change_note``,
    ``says``, ``funding_kind``, ``funding_text`` and ``funding_source``. Raises as ``draft_for_edit`` does, and
    ``Refused`` for a last day before the first.
    """
    version = draft_for_edit(version, revision=revision, by=by)
    if details["effective_to"] and details["effective_to"] < details["effective_from"]:
        raise Refused("Last day must be on or after the first day", field="effective_to")
    own = ["effective_from", "effective_to", "status", "outcome", "source", "change_note"]
    for name in own:
        setattr(version, name, details[name])
    version.content = {
        **version.content,
        "says": details["says"],
        "funding": {
            "kind": details["funding_kind"],
            "text": details["funding_text"],
            "source": details["funding_source"],
        },
    }
    return save_edit(version, VersionPart.DETAILS, [*own, "content"], by=by)


@transaction.atomic
def change_version_notes(
    *,
    version: RuleSetVersion,
    warnings: list[dict[str, Any]],
    conditions: list[dict[str, Any]],
    revision: int,
    by: User,
) -> RuleSetVersion:
    """Change a draft's warnings and its conditions on direct payments. Raises as ``draft_for_edit`` does.

    A warning is given as the content holds it, with the criteria under which it is given, if it has any.
    """
    version = draft_for_edit(version, revision=revision, by=by)
    version.content = {**version.content, "warnings": warnings, "direct_payment_conditions": conditions}
    return save_edit(version, VersionPart.DETAILS, ["content"], by=by)


@transaction.atomic
def choose_reading(*, version: RuleSetVersion, reading: str, note: str, revision: int, by: User) -> RuleSetVersion:
    """Choose which reading of the wording a draft's answers rest on, and say why.

    Raises as ``draft_for_edit`` does, and ``Refused`` for a reading there is not, or for want of the reason.
    """
    version = draft_for_edit(version, revision=revision, by=by)
    if reading not in [each.get("id") for each in version.content.get("readings") or []]:
        raise Refused("Select one of the readings of this version", field="reading")
    if not note.strip():
        raise Refused("Enter why this reading is the one to use", field="note")
    version.content = {**version.content, "chosen": reading, "reading_note": note.strip()}
    return save_edit(version, VersionPart.READING, ["content"], by=by, detail={"reading": reading})


@transaction.atomic
def save_content(*, version: RuleSetVersion, content: Mapping[str, Any], revision: int, by: User) -> RuleSetVersion:
    """Replace a draft's content, whole. It may still have faults: those are named when it is submitted.

    Raises as ``draft_for_edit`` does.
    """
    version = draft_for_edit(version, revision=revision, by=by)
    version.content = dict(content)
    return save_edit(version, VersionPart.CONTENT, ["content"], by=by)


@transaction.atomic
def save_cases(*, version: RuleSetVersion, cases: list[dict[str, Any]], revision: int, by: User) -> RuleSetVersion:
    """Replace a draft's worked cases, whole.

    Raises as ``draft_for_edit`` does, and ``CaseFileRefused`` for cases that cannot be read, with every fault.
    """
    version = draft_for_edit(version, revision=revision, by=by)
    known = commissioners_by_code().__contains__
    version.cases = cases_to_keep(json.dumps({"cases": cases}, indent=2), known) if cases else []
    return save_edit(version, VersionPart.CASES, ["cases"], by=by, detail={"cases": len(cases)})


@transaction.atomic
def save_case_file(*, version: RuleSetVersion, text: str, revision: int, by: User) -> RuleSetVersion:
    """Replace a draft's worked cases by those of a case file. Raises as ``save_cases`` does, with the file's lines."""
    version = draft_for_edit(version, revision=revision, by=by)
    version.cases = cases_to_keep(text, commissioners_by_code().__contains__)
    return save_edit(version, VersionPart.CASES, ["cases"], by=by, detail={"cases": len(version.cases)})


def _free_code(wanted: str) -> str:
    """A code that no rule set has, made from words."""
    stem = slugify(wanted)[:_CODE_LENGTH].strip("-") or "rule-set"
    taken = set(RuleSet.objects.filter(code__startswith=stem[: _CODE_LENGTH - 5]).values_list("code", flat=True))
    code, count = stem, 1
    while code in taken or code in _NOT_CODES:
        count += 1
        ending = f"-{count}"
        code = stem[: _CODE_LENGTH - len(ending)] + ending
    return code
