"""What the database itself refuses of support plans: a version is written only as a draft, and signed by two sides."""

import pgtrigger

from budgets.enums import PlanStatus
from budgets.rules.plan_household import HOUSEHOLD_RULE_FROM
from budgets.rules.support_plan_states import allowed_jumps

# Of a version that is no draft any more, only what becomes of it may change.
_BECOMES = "'status', 'in_force_from', 'in_force_until'"


def plan_states() -> list[pgtrigger.Trigger]:
    """A version begins as a draft and takes the steps of the one table."""
    return [
        pgtrigger.FSM(name="support_plan_states", field="status", transitions=allowed_jumps()),
        pgtrigger.Protect(
            name="support_plan_begins_as_draft",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.status <> '{PlanStatus.DRAFT.value}'"),
        ),
    ]


def plan_of_an_accepted_referral() -> pgtrigger.Trigger:
    """A plan is made from a referral that was accepted."""
    return pgtrigger.Trigger(
        name="support_plan_accepted_referral",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM eligibility_referral WHERE id = NEW.referral_id AND status = 'accepted'
            ) THEN
                RAISE EXCEPTION 'A support plan needs an accepted referral'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'support_plan_accepted_referral';
            END IF;
            RETURN NEW;
        """,
    )


def plan_is_frozen() -> pgtrigger.Trigger:
    """From its proposal a version is not written any more; signed, it gets a last day once and nothing else."""
    return pgtrigger.Trigger(
        name="support_plan_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.status <> 'draft'"),
        func=f"""
            IF to_jsonb(NEW) - ARRAY[{_BECOMES}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{_BECOMES}]
                OR (OLD.in_force_from IS NOT NULL AND NEW.in_force_from IS DISTINCT FROM OLD.in_force_from)
                OR (OLD.in_force_until IS NOT NULL AND NEW.in_force_until IS DISTINCT FROM OLD.in_force_until)
            THEN
                RAISE EXCEPTION 'A support plan is written only while it is a draft'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'support_plan_frozen';
            END IF;
            RETURN NEW;
        """,
    )


def plan_steps_are_earned() -> pgtrigger.Trigger:
    """A version is proposed without an unapproved payment to the same household, and signed with two signatures."""
    return pgtrigger.Trigger(
        name="support_plan_steps_earned",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        func=f"""
            IF NEW.status = 'proposed' AND OLD.status = 'draft' AND NEW.proposed_on >= '{HOUSEHOLD_RULE_FROM}'
                AND EXISTS (
                    SELECT 1 FROM budgets_planservice WHERE plan_id = NEW.id AND method = 'direct_payment'
                        AND relationship <> 'not_connected' AND lives_in_same_household AND approved_by_id IS NULL
                )
            THEN
                RAISE EXCEPTION 'A payment to somebody of the same household needs an approved exception'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'support_plan_household';
            END IF;
            IF NEW.status = 'signed' AND OLD.status <> 'signed' AND (
                SELECT count(DISTINCT side) FROM budgets_plansignature WHERE plan_id = NEW.id
            ) <> 2 THEN
                RAISE EXCEPTION 'A support plan is signed by both sides'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'support_plan_both_sides';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this module
    )


def written_while_draft(thing: str) -> pgtrigger.Trigger:
    """A part of a plan is added, changed and removed only while the plan is a draft; held, so that it stays one."""
    return pgtrigger.Trigger(
        name=f"{thing}_only_in_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("stands", "text"), ("checked_id", "bigint")],
        func="""
            FOREACH checked_id IN ARRAY ARRAY[
                CASE WHEN TG_OP <> 'INSERT' THEN OLD.plan_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.plan_id END
            ] LOOP
                CONTINUE WHEN checked_id IS NULL;
                SELECT status INTO stands FROM budgets_supportplan WHERE id = checked_id FOR SHARE;
                IF stands <> 'draft' THEN
                    RAISE EXCEPTION 'Parts of a support plan are written only while it is a draft'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'support_plan_frozen';
                END IF;
            END LOOP;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


def service_of_its_own_plan() -> pgtrigger.Trigger:
    """The outcome that a service is for stands in the same plan."""
    return pgtrigger.Trigger(
        name="plan_service_own_outcome",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("outcome_id", "plan_id"),
        func="""
            IF NEW.outcome_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM budgets_planoutcome WHERE id = NEW.outcome_id AND plan_id = NEW.plan_id
            ) THEN
                RAISE EXCEPTION 'The outcome belongs to another plan'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_service_own_outcome';
            END IF;
            RETURN NEW;
        """,
    )


def signed_while_proposed() -> pgtrigger.Trigger:
    """A plan is signed while it is proposed; for the commissioner not by who entered the signature of the other side.

    A representative that signs acts for the person of the referral on that day.
    """
    return pgtrigger.Trigger(
        name="plan_signature_of_proposed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("stands", "text"), ("whose", "bigint")],
        func="""
            SELECT plan.status, referral.person_id INTO stands, whose FROM budgets_supportplan AS plan
                JOIN eligibility_referral AS referral ON referral.id = plan.referral_id
                WHERE plan.id = NEW.plan_id FOR SHARE OF plan;
            IF stands <> 'proposed' THEN
                RAISE EXCEPTION 'A support plan is signed while it is proposed'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_signature_of_proposed';
            END IF;
            IF EXISTS (
                SELECT 1 FROM budgets_plansignature WHERE plan_id = NEW.plan_id AND side <> NEW.side AND (
                    (side = 'holder' AND recorded_by_id = NEW.officer_id)
                    OR (side = 'commissioner' AND officer_id = NEW.recorded_by_id)
                )
            ) THEN
                RAISE EXCEPTION 'One user cannot sign a support plan for both sides'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_signature_two_people';
            END IF;
            IF NEW.representative_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM phb_register_representative AS acting
                WHERE acting.id = NEW.representative_id AND acting.person_id = whose
                    AND acting.starts_on <= NEW.signed_on AND (acting.ends_on IS NULL OR acting.ends_on > NEW.signed_on)
            ) THEN
                RAISE EXCEPTION 'Whoever signed did not act for the person on that day'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_signature_acting';
            END IF;
            RETURN NEW;
        """,
    )


def signed_off_while_it_counts() -> pgtrigger.Trigger:
    """A sign-off of a delegated task is added while its plan may still count, and corrected only in a draft."""
    return pgtrigger.Trigger(
        name="task_sign_off_while_it_counts",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("stands", "text"), ("checked_id", "bigint")],
        func="""
            checked_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.task_id ELSE NEW.task_id END;
            SELECT plan.status INTO stands FROM budgets_delegatedtask AS task
                JOIN budgets_supportplan AS plan ON plan.id = task.plan_id WHERE task.id = checked_id FOR SHARE OF plan;
            IF stands = 'draft' OR (TG_OP = 'INSERT' AND stands IN ('proposed', 'signed')) THEN
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'Sign-offs of a delegated task are kept as they were made'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'task_sign_off_kept';
        """,
    )
