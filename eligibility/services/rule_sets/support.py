"""What every write to a rule set's version does: lock, check, and note who changed what."""

from typing import Any

from eligibility import policies
from eligibility.enums import ApprovalStatus, VersionPart
from eligibility.exceptions import TransitionNotAllowed, VersionChanged
from eligibility.models import RuleSet, RuleSetVersion, RuleSetVersionEdit, RuleSetVersionTransition
from eligibility.rules.rule_set_states import VersionTransition
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


def locked_rule_set(rule_set: RuleSet) -> RuleSet:
    """The rule set as it is now, locked until the transaction ends: always before any of its versions."""
    return RuleSet.objects.select_for_update(of=("self",)).select_related("commissioner", "cohort").get(pk=rule_set.pk)


def locked_version(version: RuleSetVersion) -> RuleSetVersion:
    """The version as it is now, locked with its rule set."""
    rule_set = locked_rule_set(version.rule_set)
    held = RuleSetVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    held.rule_set = rule_set
    return held


def draft_for_edit(version: RuleSetVersion, *, revision: int, by: User) -> RuleSetVersion:
    """The version, locked, if ``by`` may edit it and it is still as they opened it.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` where it is no draft, ``VersionChanged`` where somebody saved
    it since.
    """
    held = locked_version(version)
    policies.check_rules_permission(by, Permission.WRITE_RULES, held.rule_set)
    if held.approval_status != ApprovalStatus.DRAFT:
        raise TransitionNotAllowed(
            f"Version {held.number} is now: {held.get_approval_status_display().lower()}. "
            "Have it sent back to change it, or start another version"
        )
    if held.revision != revision:
        last = held.edits.select_related("edited_by").last()
        raise VersionChanged(edited_by=last.edited_by.full_name if last else "", revision=held.revision)
    return held


def save_edit(
    version: RuleSetVersion, part: VersionPart, fields: list[str], *, by: User, detail: dict[str, Any] | None = None
) -> RuleSetVersion:
    """Write an edit of a draft got from ``draft_for_edit``: the fields, a new revision, who made it, the access log."""
    version.revision += 1
    version.edited_at = clock.now()
    version.save(update_fields=[*fields, "revision", "edited_at"])
    note_edit(version, part, by=by)
    audit.record(
        actor=by,
        action="edit-version",
        subject=version,
        commissioner=version.rule_set.commissioner,
        detail={"part": part.value, "revision": version.revision, **(detail or {})},
    )
    return version


def note_edit(version: RuleSetVersion, part: VersionPart, *, by: User) -> None:
    """Keep who made this revision: they cannot approve it."""
    RuleSetVersionEdit.objects.create(
        version=version, revision=version.revision, part=part, edited_by=by, edited_at=version.edited_at or clock.now()
    )


def record_transition(version: RuleSetVersion, step: VersionTransition, *, by: User, reason: str = "") -> None:
    """Keep a change of the approval status, and note it in the access log."""
    if step.needs_reason and not reason.strip():
        raise Refused("Enter the reason", field="reason")
    RuleSetVersionTransition.objects.create(
        version=version,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        reason=reason.strip(),
        made_by=by,
        made_at=clock.now(),
    )
    audit.record(
        actor=by,
        action=f"{step.action}-version",
        subject=version,
        commissioner=version.rule_set.commissioner,
        detail={"rule_set": version.rule_set.code, "number": version.number},
    )
