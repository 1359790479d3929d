"""What keeps the days on which reviews fall due right, and reviews, ratings and scales as they were written.

`budgets_reviewdue` holds, for each PHB, the few facts its next review follows from; the day itself is a generated
column (see `models.review_due`). Each trigger here keeps one fact, whoever writes the table it comes from. The same
statements are run for all rows by `services.review_dates.reconcile`.
"""

import pgtrigger

# The settings in use for a body today, as `BudgetSettings.objects.of` has it: those of the body that took over from
# it, where it closed, or else of that body's partnership.
_SETTINGS_OF_BODY = """
    WITH RECURSIVE line(body_id, depth) AS (
        SELECT {body}, 0
        UNION ALL
        SELECT step.successor_id, line.depth + 1
        FROM line
        JOIN phb_register_commissioner AS body ON body.id = line.body_id AND body.closed_on < current_date
        JOIN phb_register_succession AS step ON step.predecessor_id = body.id AND step.is_main
    ), answering AS (
        SELECT body_id FROM line ORDER BY depth DESC LIMIT 1
    )
    SELECT settings.reviews_recorded_from
    FROM answering
    JOIN budgets_budgetsettings AS settings ON settings.commissioner_id = answering.body_id
        OR settings.commissioner_id IN (
            SELECT member.partnership_id FROM phb_register_partnershipmember AS member
            WHERE member.member_id = answering.body_id AND member.starts_on <= current_date
                AND (member.ends_on IS NULL OR member.ends_on > current_date)
        )
    ORDER BY (settings.commissioner_id = answering.body_id) DESC, settings.id
    LIMIT 1
"""

# Materialised, or the settings would be looked for once a PHB instead of once a body.
RECORDED_FROM = f"""
    WITH bodies AS MATERIALIZED (
        SELECT body.id, ({_SETTINGS_OF_BODY.format(body="body.id")}) AS recorded_from
        FROM phb_register_commissioner AS body WHERE body.kind <> 'partnership'
    )
    UPDATE budgets_reviewdue AS due SET recorded_from = bodies.recorded_from
    FROM bodies
    WHERE due.commissioner_id = bodies.id AND due.recorded_from IS DISTINCT FROM bodies.recorded_from
"""  # noqa: S608  the parts are constants of this module

# A review that another one corrects no longer counts.
_LAST_HELD = """
    SELECT max(review.held_on) FROM budgets_review AS review
    WHERE review.phb_id = {phb} AND NOT EXISTS (
        SELECT 1 FROM budgets_review AS correction WHERE correction.corrects_id = review.id
    )
"""

# One statement for all rows of a file that is imported: what the settings say is asked once a body.
NEW_BUDGETS_PLAN_REVIEWS = pgtrigger.Trigger(
    name="new_phbs_plan_reviews",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="entered"),
    func=f"""
        INSERT INTO budgets_reviewdue (phb_id, commissioner_id, started_on, ended_on, recorded_from)
        SELECT phb.id, phb.commissioner_id, phb.started_on, phb.ended_on, bodies.recorded_from
        FROM entered AS phb
        JOIN (
            SELECT body.id, ({_SETTINGS_OF_BODY.format(body="body.id")}) AS recorded_from
            FROM (SELECT DISTINCT commissioner_id AS id FROM entered) AS body
        ) AS bodies ON bodies.id = phb.commissioner_id;
        RETURN NULL;
    """,  # noqa: S608  the parts are constants of this module
)

BUDGET_MOVES_REVIEWS = pgtrigger.Trigger(
    name="phb_moves_reviews",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("started_on", "ended_on", "commissioner_id"),
    func=f"""
        UPDATE budgets_reviewdue SET
            commissioner_id = NEW.commissioner_id,
            started_on = NEW.started_on,
            ended_on = NEW.ended_on,
            recorded_from = ({_SETTINGS_OF_BODY.format(body="NEW.commissioner_id")})
        WHERE phb_id = NEW.id;
        RETURN NULL;
    """,  # noqa: S608  the parts are constants of this module
)

# One statement for a whole run of payments; after the first payment of a PHB it changes nothing.
FIRST_PAYMENT_MOVES_REVIEW = pgtrigger.Trigger(
    name="first_payment_moves_review",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="entered"),
    func="""
        UPDATE budgets_reviewdue AS due SET
            first_paid_on = LEAST(due.first_paid_on, paid.first_on),
            first_direct_on = LEAST(due.first_direct_on, paid.first_direct_on)
        FROM (
            SELECT phb_id, min(entered_on) AS first_on,
                min(entered_on) FILTER (WHERE method = 'direct_payment') AS first_direct_on
            FROM entered WHERE kind = 'payment' GROUP BY phb_id
        ) AS paid
        WHERE due.phb_id = paid.phb_id AND (
            due.first_paid_on IS NULL OR due.first_paid_on > paid.first_on
            OR paid.first_direct_on < coalesce(due.first_direct_on, 'infinity')
        );
        RETURN NULL;
    """,
)

SETTINGS_MOVE_REVIEWS = pgtrigger.Trigger(
    name="settings_move_reviews",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("reviews_recorded_from", "commissioner_id"),
    func=f"{RECORDED_FROM}; RETURN NULL;",
)

REVIEW_MOVES_NEXT = pgtrigger.Trigger(
    name="review_moves_next",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func=f"""
        UPDATE budgets_reviewdue SET last_held_on = ({_LAST_HELD.format(phb="NEW.phb_id")})
        WHERE phb_id = NEW.phb_id;
        RETURN NULL;
    """,  # noqa: S608  the parts are constants of this module
)

# Everything but what the settings say, of every PHB that is not right; `kind = 'payment'` as the ledger's trigger.
FACTS_OF_BUDGETS = f"""
    INSERT INTO budgets_reviewdue AS due (
        phb_id, commissioner_id, started_on, ended_on, first_paid_on, first_direct_on, last_held_on
    )
    SELECT phb.id, phb.commissioner_id, phb.started_on, phb.ended_on, paid.first_on, paid.first_direct_on,
        ({_LAST_HELD.format(phb="phb.id")})
    FROM budgets_personalhealthbudget AS phb
    LEFT JOIN (
        SELECT phb_id, min(entered_on) AS first_on,
            min(entered_on) FILTER (WHERE method = 'direct_payment') AS first_direct_on
        FROM budgets_ledgerentry WHERE kind = 'payment' GROUP BY phb_id
    ) AS paid ON paid.phb_id = phb.id
    ON CONFLICT (phb_id) DO UPDATE SET
        commissioner_id = EXCLUDED.commissioner_id,
        started_on = EXCLUDED.started_on,
        ended_on = EXCLUDED.ended_on,
        first_paid_on = EXCLUDED.first_paid_on,
        first_direct_on = EXCLUDED.first_direct_on,
        last_held_on = EXCLUDED.last_held_on
    WHERE (
        due.commissioner_id, due.started_on, due.ended_on, due.first_paid_on, due.first_direct_on, due.last_held_on
    ) IS DISTINCT FROM (
        EXCLUDED.commissioner_id, EXCLUDED.started_on, EXCLUDED.ended_on, EXCLUDED.first_paid_on,
        EXCLUDED.first_direct_on, EXCLUDED.last_held_on
    )
"""  # noqa: S608  the parts are constants of this module

REVIEW_OF_BUDGET_IN_PLACE = pgtrigger.Trigger(
    name="review_of_budget_in_place",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_personalhealthbudget AS phb
            WHERE phb.id = NEW.phb_id AND phb.started_on <= NEW.held_on
                AND (phb.ended_on IS NULL OR phb.ended_on >= NEW.held_on)
        ) THEN
            RAISE EXCEPTION 'A review is held of a budget that is in place'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'review_of_budget_in_place';
        END IF;
        IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM budgets_review AS first WHERE first.id = NEW.corrects_id AND first.phb_id = NEW.phb_id
        ) THEN
            RAISE EXCEPTION 'A review corrects one of the same budget'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'review_corrects_own';
        END IF;
        RETURN NEW;
    """,
)

RATING_FITS_ITS_SCALE = pgtrigger.Trigger(
    name="rating_fits_scale",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("highest", "integer")],
    func="""
        -- Held, so that a scale is not changed between the question and its answer.
        SELECT cardinality(levels) INTO highest FROM budgets_outcomescale WHERE id = NEW.scale_id FOR SHARE;
        IF NEW.level > highest THEN
            RAISE EXCEPTION 'The scale has % levels', highest
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rating_fits_scale';
        END IF;
        IF NEW.review_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM budgets_review AS review WHERE review.id = NEW.review_id AND review.phb_id = NEW.phb_id
        ) THEN
            RAISE EXCEPTION 'A rating belongs to a review of its own budget'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rating_of_own_review';
        END IF;
        RETURN NEW;
    """,
)

# Once somebody answered on it a scale says what it said; only the day from which it is no longer asked may be set.
SCALE_FROZEN_ONCE_USED = pgtrigger.Trigger(
    name="outcome_scale_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF EXISTS (SELECT 1 FROM budgets_outcomerating WHERE scale_id = OLD.id) AND (
            TG_OP = 'DELETE'
            OR to_jsonb(NEW) - 'active_until' IS DISTINCT FROM to_jsonb(OLD) - 'active_until'
        ) THEN
            RAISE EXCEPTION 'Somebody answered on this scale, so it stays as it is: write another version'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_scale_frozen';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    """,
)
