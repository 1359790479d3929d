"""What the database refuses of a recovery, whoever writes: more repaid than owed, a status its sums do not give."""

import pgtrigger

_SUMS = """
    SELECT coalesce(sum(amount), 0) INTO repaid FROM budgets_repayment WHERE recovery_id = checked_id;
    SELECT coalesce(sum(amount), 0) INTO written FROM budgets_writeoff
        WHERE recovery_id = checked_id AND is_approved;
"""
_VARIABLES = [("checked_id", "bigint"), ("owed", "numeric"), ("repaid", "numeric"), ("written", "numeric")]

NEVER_MORE_THAN_OWED = pgtrigger.Trigger(
    name="repayment_never_more_than_owed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[*_VARIABLES, ("standing", "text")],
    func=f"""
        checked_id = NEW.recovery_id;
        SELECT amount, status INTO owed, standing FROM budgets_recovery WHERE id = checked_id FOR UPDATE;
        {_SUMS}
        IF standing IN ('drafted', 'approved', 'written_off') OR (standing = 'withdrawn' AND NEW.amount > 0) THEN
            RAISE EXCEPTION 'Nothing can be repaid of a recovery that is %', standing
                USING ERRCODE = 'check_violation', CONSTRAINT = 'repayment_of_a_notice';
        ELSIF repaid + NEW.amount < 0 OR (NEW.amount > 0 AND repaid + NEW.amount > owed - written) THEN
            RAISE EXCEPTION 'More than is owed, or less than nothing, would be repaid'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'repayment_never_more_than_owed';
        END IF;
        RETURN NEW;
    """,  # noqa: S608  the parts are constants of this module
)

STATUS_BY_SUMS = pgtrigger.Trigger(
    name="recovery_status_by_sums",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "amount"),
    timing=pgtrigger.Deferred,
    declare=[*_VARIABLES, ("standing", "text")],
    func=f"""
        checked_id = NEW.id;
        SELECT amount, status INTO owed, standing FROM budgets_recovery WHERE id = checked_id;
        {_SUMS}
        IF (standing = 'repaid' AND (repaid < owed OR written > 0))
            OR (standing = 'written_off' AND (written <= 0 OR repaid + written <> owed))
            OR (standing = 'part_repaid' AND NOT (repaid > 0 AND repaid < owed))
            OR (standing = 'notified' AND repaid <> 0) THEN
            RAISE EXCEPTION 'The recovery is not %: % is asked back, % was repaid', standing, owed, repaid
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_status_by_sums';
        END IF;
        RETURN NULL;
    """,  # noqa: S608
)

NOTICE_WAS_GIVEN = pgtrigger.Trigger(
    name="recovery_notice_was_given",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
    timing=pgtrigger.Deferred,
    func="""
        IF NEW.status NOT IN ('drafted', 'approved', 'withdrawn') AND NOT EXISTS (
            SELECT 1 FROM budgets_recoverynotice WHERE recovery_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'No notice of this recovery was given'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_notice_was_given';
        END IF;
        RETURN NULL;
    """,
)

CHANGED_BY_RECONSIDERATION = pgtrigger.Trigger(
    name="recovery_changed_by_reconsideration",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("amount", "repay_by", "approved_by_id", "approved_on"),
    func="""
        IF (OLD.amount, OLD.repay_by) IS DISTINCT FROM (NEW.amount, NEW.repay_by)
            AND (OLD.status <> 'reconsidering' OR NEW.amount > OLD.amount OR NEW.repay_by < OLD.repay_by) THEN
            RAISE EXCEPTION 'What is asked back changes only by a reconsideration, to less or later'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_changed_by_reconsideration';
        END IF;
        IF (OLD.approved_by_id, OLD.approved_on) IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_on)
            AND OLD.status <> 'drafted' THEN
            RAISE EXCEPTION 'A recovery is approved once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_approved_once';
        END IF;
        RETURN NEW;
    """,
)

RECONSIDERED_BY_ANOTHER = pgtrigger.Trigger(
    name="recovery_reconsidered_by_another",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id"),
    func="""
        IF EXISTS (
            SELECT 1 FROM budgets_recovery
            WHERE id = NEW.recovery_id AND NEW.decided_by_id IN (prepared_by_id, approved_by_id)
        ) THEN
            RAISE EXCEPTION 'Whoever prepared or approved the recovery cannot reconsider it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_reconsidered_by_another';
        END IF;
        RETURN NEW;
    """,
)
