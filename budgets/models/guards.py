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
        INTO total, nhs FROM budgets_fundingshare WHERE agreed_budget_id = checked_id;
    IF total <> 100 THEN
        RAISE EXCEPTION 'The funding shares add to %, not to 100', total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_shares_add_to_100';
    ELSIF nhs <= 0 THEN
        RAISE EXCEPTION 'A personal health budget has an NHS share'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_has_nhs_share';
    END IF;
"""

# Those of an agreed budget end together, when the next one applies, so that those in force on a day add to 100 too.
_SHARES_ARE_REPLACED = """
    IF EXISTS (
        SELECT 1 FROM budgets_fundingshare share
        JOIN budgets_agreedbudget agreed ON agreed.id = share.agreed_budget_id
        LEFT JOIN budgets_agreedbudget later ON later.phb_id = agreed.phb_id AND later.number = agreed.number + 1
        WHERE share.phb_id = NEW.phb_id AND share.ends_on IS DISTINCT FROM later.applies_from
    ) THEN
        RAISE EXCEPTION 'A funding share holds until the next agreed budget applies, no longer and no shorter'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'share_until_the_next';
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

# The amount on the PHB repeats the one agreed last, for lists and sums; it never changes by itself.
_AMOUNT_IS_AGREED = """
    SELECT phb.annual_amount, (
        SELECT last.annual_amount FROM budgets_agreedbudget last
        WHERE last.phb_id = phb.id ORDER BY last.number DESC LIMIT 1
    ) INTO shown, agreed_last FROM budgets_personalhealthbudget phb WHERE phb.id = checked_id;
    IF shown IS DISTINCT FROM agreed_last THEN
        RAISE EXCEPTION 'The annual amount is %, the one agreed last is %', shown, coalesce(agreed_last::text, 'none')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_amount_is_agreed';
    END IF;
"""

_SHARE_VARIABLES = [("total", "numeric"), ("nhs", "numeric")]
_METHOD_VARIABLES = [("parts", "integer"), ("managed", "numeric"), ("agreed", "numeric")]
_AMOUNT_VARIABLES = [("shown", "numeric"), ("agreed_last", "numeric")]

WHOLE_AT_COMMIT = pgtrigger.Trigger(
    name="phb_is_whole",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("annual_amount", "ended_on"),
    timing=pgtrigger.Deferred,
    declare=[("checked_id", "bigint"), *_AMOUNT_VARIABLES, *_METHOD_VARIABLES],
    func=f"checked_id = NEW.id; {_AMOUNT_IS_AGREED} {_METHODS_ADD_UP} RETURN NULL;",
)

AGREED_IS_WHOLE = pgtrigger.Trigger(
    name="agreed_budget_is_whole",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("checked_id", "bigint"), *_AMOUNT_VARIABLES, *_SHARE_VARIABLES],
    func=f"""
        checked_id = NEW.phb_id; {_AMOUNT_IS_AGREED}
        checked_id = NEW.id; {_SHARES_ADD_UP} {_SHARES_ARE_REPLACED}
        RETURN NULL;
    """,
)

# A row is locked that every writer of the PHB's agreed budgets locks, so that two cannot take one number.
FOLLOWS_THE_LAST = pgtrigger.Trigger(
    name="agreed_budget_follows",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("last_number", "integer"), ("last_from", "date"), ("first_day", "date")],
    func="""
        SELECT agreed_on INTO first_day FROM budgets_personalhealthbudget WHERE id = NEW.phb_id FOR UPDATE;
        SELECT number, applies_from INTO last_number, last_from FROM budgets_agreedbudget
            WHERE phb_id = NEW.phb_id ORDER BY number DESC LIMIT 1;
        IF NEW.number <> coalesce(last_number, 0) + 1 OR NEW.applies_from < coalesce(last_from, first_day) THEN
            RAISE EXCEPTION 'An agreed budget follows the last one, in its number and from when it applies'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_budget_follows';
        END IF;
        RETURN NEW;
    """,
)

SHARE_IS_OF_ITS_BUDGET = pgtrigger.Trigger(
    name="share_of_its_budget",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_agreedbudget
            WHERE id = NEW.agreed_budget_id AND phb_id = NEW.phb_id AND applies_from = NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'A share holds from the day its own agreed budget applies'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'share_of_its_budget';
        END IF;
        RETURN NEW;
    """,
)

_ALL_BUT = "to_jsonb(OLD) - ARRAY[{names}] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{names}]"


def _closed_once(thing: str, *, may_move: str = "false") -> pgtrigger.Trigger:
    """Of a row, only `ends_on` may be set, and once; and `starts_on` moved where `may_move` holds."""
    return pgtrigger.Trigger(
        name=f"{thing}_closed_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF {_ALL_BUT.format(names="'starts_on', 'ends_on'")}
                OR (OLD.ends_on IS NOT NULL AND OLD.ends_on IS DISTINCT FROM NEW.ends_on)
                OR (OLD.starts_on <> NEW.starts_on AND NOT (OLD.ends_on IS NULL AND {may_move}))
            THEN
                RAISE EXCEPTION 'Rows of % may only be closed, once', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{thing}_closed_once';
            END IF;
            RETURN NEW;
        """,
    )


METHOD_IS_CLOSED_ONCE = _closed_once(
    "method",
    may_move="""EXISTS (
        SELECT 1 FROM budgets_personalhealthbudget WHERE id = OLD.phb_id AND started_on IS NULL
    )""",
)
SHARE_IS_CLOSED_ONCE = _closed_once("share")

METHODS_ADD_UP = pgtrigger.Trigger(
    name="methods_add_to_amount",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[("checked_id", "bigint"), *_METHOD_VARIABLES],
    func=f"checked_id = NEW.phb_id; {_METHODS_ADD_UP} RETURN NULL;",
)

# A share is never deleted and its percentage never changes: only a new one or an end can break it.
SHARES_ADD_UP = pgtrigger.Trigger(
    name="shares_add_to_100",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("ends_on"),
    timing=pgtrigger.Deferred,
    declare=[("checked_id", "bigint"), *_SHARE_VARIABLES],
    func=f"checked_id = NEW.agreed_budget_id; {_SHARES_ADD_UP} {_SHARES_ARE_REPLACED} RETURN NULL;",
)

IS_AWAITED_NO_MORE = pgtrigger.Trigger(
    name="phb_awaited_no_more",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="DELETE FROM budgets_awaitedbudget WHERE referral_id = NEW.referral_id; RETURN NULL;",
)
