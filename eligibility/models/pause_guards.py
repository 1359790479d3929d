"""What the database itself refuses about the pauses of a referral."""

import pgtrigger


def pause_ends_first() -> pgtrigger.Trigger:
    """Refuse to decide or withdraw a referral whose clock still stands: its pause ends first, by the same act."""
    return pgtrigger.Trigger(
        name="referral_pause_ends_first",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Condition("OLD.status = 'submitted' AND NEW.status <> 'submitted'"),
        func="""
            IF EXISTS (
                SELECT 1 FROM eligibility_referralpause WHERE referral_id = NEW.id AND ended_on IS NULL
            ) THEN
                RAISE EXCEPTION 'The pause of a referral ends before it is decided or withdrawn'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def only_while_waiting() -> pgtrigger.Trigger:
    """Refuse to pause a referral that is not waiting for a decision."""
    return pgtrigger.Trigger(
        name="pause_only_while_waiting",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM eligibility_referral WHERE id = NEW.referral_id AND status = 'submitted'
            ) THEN
                RAISE EXCEPTION 'Only a referral that waits for a decision can be paused'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def ended_for_good() -> pgtrigger.Trigger:
    """Refuse to change a pause that has ended: the due date rests on it."""
    return pgtrigger.Protect(
        name="pause_ended_for_good",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.ended_on IS NOT NULL"),
    )
