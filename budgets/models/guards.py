"""What the database refuses of a PHB, whoever writes: triggers that no check constraint can express.

The deferred ones run when the transaction commits, so that a PHB and its parts can be written one after another.
"""

import pgtrigger

ACCOUNTABLE_BODY_WAS_OPEN = pgtrigger.Trigger(
    name="phb_commissioner_open",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("commissioner_id", "agreed_on"),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM phb_register_commissioner
            WHERE id = NEW.commissioner_id AND opened_on <= NEW.agreed_on
                AND (closed_on IS NULL OR closed_on >= NEW.agreed_on)
        ) THEN
            RAISE EXCEPTION 'The commissioner was not open on %', NEW.agreed_on
                USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_commissioner_open';
        END IF;
        RETURN NEW;
    """,
)

COMES_FROM_AN_ACCEPTED_REFERRAL = pgtrigger.Trigger(
    name="phb_accepted_referral",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("referral_id", "person_id"),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM eligibility_referral
            WHERE id = NEW.referral_id AND person_id = NEW.person_id AND status = 'accepted'
        ) THEN
            RAISE EXCEPTION 'A personal health budget needs an accepted referral of the same person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_accepted_referral';
        END IF;
        RETURN NEW;
    """,
)

_SHARES_ADD_UP = """
    SELECT coalesce(sum(percent), 0), coalesce(sum(percent) FILTER (WHERE funder = 'nhs'), 0)
        INTO total, nhs FROM budgets_fundingshare WHERE phb_id = checked_id;
    IF total <> 100 THEN
        RAISE EXCEPTION 'The funding shares add to %, not to 100', total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_shares_add_to_100';
    ELSIF nhs <= 0 THEN
        RAISE EXCEPTION 'A personal health budget has an NHS share'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_has_nhs_share';
    END IF;
"""

# Of a PHB that goes on, the parts still open carry the whole annual amount, to the penny.
_METHODS_ADD_UP = """
    SELECT count(*), coalesce(sum(annual_amount) FILTER (WHERE ends_on IS NULL), 0)
        INTO parts, managed FROM budgets_methodpart WHERE phb_id = checked_id;
    IF parts = 0 THEN
        RAISE EXCEPTION 'A personal health budget has at least one method'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_has_a_method';
    END IF;
    SELECT annual_amount INTO agreed FROM budgets_personalhealthbudget WHERE id = checked_id AND ended_on IS NULL;
    IF FOUND AND agreed <> managed THEN
        RAISE EXCEPTION 'The methods add to %, the annual amount is %', managed, agreed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_methods_add_to_amount';
    END IF;
"""

_SHARE_VARIABLES = [("total", "numeric"), ("nhs", "numeric")]
_METHOD_VARIABLES = [("parts", "integer"), ("managed", "numeric"), ("agreed", "numeric")]

WHOLE_AT_COMMIT = pgtrigger.Trigger(
    name="phb_is_whole",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("annual_amount", "ended_on"),
    timing=pgtrigger.Deferred,
    declare=[("checked_id", "bigint"), *_SHARE_VARIABLES, *_METHOD_VARIABLES],
    func=f"checked_id = NEW.id; {_SHARES_ADD_UP} {_METHODS_ADD_UP} RETURN NULL;",
)


def _whenever_a_part_changes(name: str, variables: list[tuple[str, str]], check: str) -> pgtrigger.Trigger:
    """Check the PHB that a part belongs to, and the one it belonged to, when the transaction commits."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("checked_id", "bigint"), *variables],
        func=f"""
            FOREACH checked_id IN ARRAY ARRAY[OLD.phb_id, NEW.phb_id] LOOP
                CONTINUE WHEN NOT EXISTS (SELECT 1 FROM budgets_personalhealthbudget WHERE id = checked_id);
                {check}
            END LOOP;
            RETURN NULL;
        """,  # noqa: S608  the parts are constants of this module
    )


SHARES_ADD_UP = _whenever_a_part_changes("shares_add_to_100", _SHARE_VARIABLES, _SHARES_ADD_UP)
METHODS_ADD_UP = _whenever_a_part_changes("methods_add_to_amount", _METHOD_VARIABLES, _METHODS_ADD_UP)
