"""What the database refuses of a PHB whose money is reconciled."""

import pgtrigger

CLOSED_STAYS_ENDED = pgtrigger.Trigger(
    name="phb_closed_stays_ended",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("ended_on", "end_reason"),
    func="""
        IF (OLD.ended_on, OLD.end_reason) IS DISTINCT FROM (NEW.ended_on, NEW.end_reason) AND EXISTS (
            SELECT 1 FROM budgets_budgetclosure WHERE phb_id = OLD.id AND status = 'reconciled'
        ) THEN
            RAISE EXCEPTION 'The money of this personal health budget is reconciled: its end stays as it is'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'phb_closed_stays_ended';
        END IF;
        RETURN NEW;
    """,
)
