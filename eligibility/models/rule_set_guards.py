"""What the database itself refuses of rule sets' versions, made from the one table of transitions."""

import pgtrigger

from eligibility.enums import ApprovalStatus
from eligibility.rules.rule_set_states import version_jumps

# What somebody drafted. Once it is submitted it stays as it is, so that what was approved is what was read.
_DECIDED = ("approval_status", "approved_by_id", "approved_at", "supersedes_id", "supersedes_until", "effective_to")
_KEYS_DECIDED = ", ".join(f"'{name}'" for name in _DECIDED)


def version_states() -> list[pgtrigger.Trigger]:
    """A version begins as a draft, or arrives approved with the product and then has nobody who prepared it."""
    return [
        pgtrigger.FSM(name="rule_set_version_states", field="approval_status", transitions=version_jumps()),
        pgtrigger.Protect(
            name="rule_set_version_begins_as_draft",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(
                f"NEW.approval_status <> '{ApprovalStatus.DRAFT.value}'"
                f" AND NOT (NEW.approval_status = '{ApprovalStatus.APPROVED.value}' AND NEW.prepared_by_id IS NULL)"
            ),
        ),
    ]


def version_is_frozen() -> pgtrigger.Trigger:
    """From its submission a version is not edited, and once approved never again.

    An approved one is only given a last day when a version that supersedes it takes over the day after, and its own
    last day back when that version is withdrawn before it began.
    """
    return pgtrigger.Trigger(
        name="rule_set_version_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__approval_status__in=[each.value for each in ApprovalStatus if each != "draft"])
        | pgtrigger.Q(new__approval_status__in=["approved", "withdrawn"]),
        func=f"""
            IF OLD.approval_status <> 'draft'
                AND to_jsonb(NEW) - ARRAY[{_KEYS_DECIDED}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{_KEYS_DECIDED}]
            THEN
                RAISE EXCEPTION 'A version is edited only while it is a draft: have it sent back, or start another'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.approval_status IN ('approved', 'withdrawn') AND (
                NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
                OR NEW.approved_at IS DISTINCT FROM OLD.approved_at
                OR NEW.supersedes_id IS DISTINCT FROM OLD.supersedes_id
                OR NEW.supersedes_until IS DISTINCT FROM OLD.supersedes_until
            ) THEN
                RAISE EXCEPTION 'Who approved a version, and what it superseded, stays as it was'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.approval_status <> 'draft' AND NEW.effective_to IS DISTINCT FROM OLD.effective_to
                AND NOT (
                    OLD.approval_status = 'approved' AND NEW.approval_status = 'approved' AND EXISTS (
                        SELECT 1 FROM eligibility_rulesetversion AS later
                        WHERE later.supersedes_id = OLD.id AND (
                            (
                                later.approval_status = 'submitted'
                                AND later.effective_from = NEW.effective_to + 1
                                AND (OLD.effective_to IS NULL OR NEW.effective_to < OLD.effective_to)
                            ) OR (
                                later.approval_status = 'withdrawn'
                                AND later.effective_from = OLD.effective_to + 1
                                AND later.supersedes_until IS NOT DISTINCT FROM NEW.effective_to
                            )
                        )
                    )
                )
            THEN
                RAISE EXCEPTION 'An approved version is only given a last day when another takes over'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.approval_status = 'approved' AND OLD.approval_status <> 'approved' AND EXISTS (
                SELECT 1 FROM eligibility_rulesetversionedit AS edit
                WHERE edit.version_id = NEW.id AND edit.edited_by_id = NEW.approved_by_id
            ) THEN
                RAISE EXCEPTION 'Whoever edited a version cannot approve it'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this module
    )
