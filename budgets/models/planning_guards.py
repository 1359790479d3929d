"""What the database refuses of rate cards, indicative budgets and needs profiles, whoever writes."""

import pgtrigger


def of_an_accepted_referral(thing: str) -> pgtrigger.Trigger:
    """Refuse a row of planning whose referral is not accepted: nobody plans a budget that was not granted."""
    return pgtrigger.Trigger(
        name=f"{thing}_accepted_referral",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (SELECT 1 FROM eligibility_referral WHERE id = NEW.referral_id AND status = 'accepted') THEN
                RAISE EXCEPTION 'A budget is planned from an accepted referral'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{thing}_accepted_referral';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the part is a constant of a model
    )


CARD_IS_FROZEN = pgtrigger.Protect(
    name="rate_card_frozen", operation=pgtrigger.Update, condition=pgtrigger.Condition("OLD.status <> 'draft'")
)

VALUES_ARE_FROZEN = pgtrigger.Trigger(
    name="rate_card_values_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[("held", "text"), ("of_card", "bigint")],
    func="""
        FOREACH of_card IN ARRAY ARRAY[OLD.rate_card_id, NEW.rate_card_id] LOOP
            SELECT status INTO held FROM budgets_ratecard WHERE id = of_card FOR SHARE;
            IF FOUND AND held <> 'draft' THEN
                RAISE EXCEPTION 'The values of a rate card change only while it is a draft: start another version'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'rate_card_values_frozen';
            END IF;
        END LOOP;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    """,
)

PRICED_BY_A_CARD_IN_FORCE = pgtrigger.Trigger(
    name="indicative_budget_card_in_force",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_ratecard
            WHERE id = NEW.rate_card_id AND status = 'in_force' AND applies_from <= NEW.rates_on
        ) THEN
            RAISE EXCEPTION 'An indicative budget needs a rate card that is in force'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'indicative_budget_card_in_force';
        END IF;
        RETURN NEW;
    """,
)

# Run at commit, so that a budget and its lines can be written one after another.
_LINES_ADD_UP = """
    SELECT coalesce(sum(annual_amount), 0), coalesce(sum(amount) FILTER (WHERE period = 'one_off'), 0)
        INTO yearly, once FROM budgets_indicativebudgetline WHERE budget_id = checked_id;
    SELECT annual_amount, one_off_amount INTO said_yearly, said_once
        FROM budgets_indicativebudget WHERE id = checked_id;
    IF yearly <> said_yearly OR once <> said_once THEN
        RAISE EXCEPTION 'The lines add to % a year and % once, the indicative budget says % and %',
            yearly, once, said_yearly, said_once
            USING ERRCODE = 'check_violation', CONSTRAINT = 'indicative_budget_lines_add_up';
    END IF;
"""
_AMOUNTS = [(name, "numeric") for name in ("yearly", "once", "said_yearly", "said_once")]


def lines_add_up(column: str) -> pgtrigger.Trigger:
    """Check the budget in this column when the transaction commits."""
    return pgtrigger.Trigger(
        name="indicative_budget_lines_add_up",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("checked_id", "bigint"), *_AMOUNTS],
        func=f"checked_id = NEW.{column}; {_LINES_ADD_UP} RETURN NULL;",
    )


LEVEL_IS_OF_THE_DOMAIN = pgtrigger.Trigger(
    name="needs_level_of_the_domain",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_needsdomain AS domain JOIN budgets_needsprofile AS profile USING (tool_id)
            WHERE domain.id = NEW.domain_id AND profile.id = NEW.profile_id
                AND (NEW.level = 'not_assessed' OR domain.levels ? NEW.level)
        ) THEN
            RAISE EXCEPTION 'The tool has no such domain, or the domain no such level'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'needs_level_of_the_domain';
        END IF;
        RETURN NEW;
    """,
)

EVERY_DOMAIN_HAS_A_LEVEL = pgtrigger.Trigger(
    name="needs_profile_is_whole",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM budgets_needsdomain AS domain WHERE domain.tool_id = NEW.tool_id AND NOT EXISTS (
                SELECT 1 FROM budgets_needsprofilelevel AS held
                WHERE held.profile_id = NEW.id AND held.domain_id = domain.id
            )
        ) THEN
            RAISE EXCEPTION 'A needs profile has a level for every domain, or says that it was not assessed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'needs_profile_is_whole';
        END IF;
        RETURN NULL;
    """,
)
