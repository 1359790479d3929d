"""What the database refuses of payments, whoever writes.

Checks of many rows run once a statement, because a run has many.
"""

import pgtrigger

# A schedule ends at most once, or earlier than was said.
SCHEDULE_ENDS_EARLIER_ONLY = pgtrigger.Protect(
    name="schedule_ends_earlier_only",
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        "OLD.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on)",
    ),
)

RUN_STAYS_AS_IT_ENDED = pgtrigger.Trigger(
    name="run_stays_as_it_ended",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.status IN ('released', 'abandoned')"),
    func="""
        IF (OLD.bank_file_id IS NOT NULL AND NEW.bank_file_id IS DISTINCT FROM OLD.bank_file_id)
            OR (OLD.ledger_file_id IS NOT NULL AND NEW.ledger_file_id IS DISTINCT FROM OLD.ledger_file_id)
            OR (to_jsonb(OLD) - 'bank_file_id' - 'ledger_file_id')
                <> (to_jsonb(NEW) - 'bank_file_id' - 'ledger_file_id')
        THEN
            RAISE EXCEPTION 'A payment run that was released or abandoned never changes'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'run_stays_as_it_ended';
        END IF;
        RETURN NEW;
    """,
)

# What was checked is what is released, and everything that is released stands in the ledger.
RUN_RELEASED_WHOLE = pgtrigger.Trigger(
    name="run_released_whole",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Condition("NEW.status = 'released'"),
    timing=pgtrigger.Deferred,
    declare=[("paid", "integer"), ("total", "numeric"), ("entered", "integer"), ("net", "numeric")],
    func="""
        SELECT count(*), coalesce(sum(amount), 0) INTO paid, total FROM budgets_payment
            WHERE run_id = NEW.id AND state NOT IN ('held', 'left_out');
        SELECT count(*) FILTER (WHERE entry.kind = 'payment'),
            coalesce(sum(entry.amount) FILTER (WHERE entry.kind IN ('payment', 'offset')), 0) INTO entered, net
            FROM budgets_payment payment JOIN budgets_ledgerentry entry ON entry.payment_id = payment.id
            WHERE payment.run_id = NEW.id;
        IF paid <> NEW.checked_count OR total <> NEW.checked_amount OR net <> total
            OR entered <> (
                SELECT count(*) FROM budgets_payment
                WHERE run_id = NEW.id AND state NOT IN ('held', 'left_out') AND amount + offset_amount > 0
            )
        THEN
            RAISE EXCEPTION 'The payments of the run are not those that were checked and entered in the ledger'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'run_released_whole';
        END IF;
        RETURN NULL;
    """,
)

PAYMENT_IS_PREPARED = pgtrigger.Trigger(
    name="payment_is_prepared",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="made"),
    func="""
        IF EXISTS (
            SELECT 1 FROM made
            JOIN budgets_paymentrun run ON run.id = made.run_id
            JOIN budgets_paymentschedule schedule ON schedule.id = made.schedule_id
            WHERE run.status <> 'preparing' OR made.state NOT IN ('included', 'held')
                OR schedule.phb_id <> made.phb_id OR schedule.method <> made.method
                OR made.period_first < schedule.starts_on OR made.period_last >= schedule.ends_on
        ) THEN
            RAISE EXCEPTION 'A payment is made by preparing a run, from its schedule'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_prepared';
        END IF;
        RETURN NULL;
    """,
)

PAYMENT_STATE_FOLLOWS_RUN = pgtrigger.Trigger(
    name="payment_state_follows_run",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    declare=[("run_status", "text")],
    func="""
        SELECT status INTO run_status FROM budgets_paymentrun WHERE id = NEW.run_id;
        IF run_status = 'prepared' AND OLD.state IN ('included', 'held') AND NEW.state IN ('included', 'held') THEN
            RETURN NEW;
        ELSIF NEW.state = 'left_out' AND (
            (run_status = 'released' AND OLD.state = 'held')
            OR (run_status = 'abandoned' AND OLD.state IN ('included', 'held'))
        ) THEN
            RETURN NEW;
        ELSIF run_status = 'released' AND OLD.state = 'included' AND NEW.state IN ('returned', 'reversed') AND EXISTS (
            SELECT 1 FROM budgets_ledgerentry entry
            JOIN budgets_ledgerentry original ON original.id = entry.reverses_id
            WHERE original.payment_id = NEW.id AND original.kind = 'payment'
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'A payment that is % cannot become % in a run that is %', OLD.state, NEW.state, run_status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_state_follows_run';
    """,
)

LEDGER_ENTRY_HOLDS = pgtrigger.Trigger(
    name="ledger_entry_holds",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="made"),
    func="""
        IF EXISTS (
            SELECT 1 FROM made JOIN budgets_personalhealthbudget phb ON phb.id = made.phb_id
            WHERE phb.commissioner_id <> made.commissioner_id
        ) THEN
            RAISE EXCEPTION 'A ledger entry belongs to the commissioner of its personal health budget'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_of_commissioner';
        END IF;
        IF EXISTS (
            SELECT 1 FROM made
            JOIN budgets_payment payment ON payment.id = made.payment_id
            JOIN budgets_paymentrun run ON run.id = payment.run_id
            WHERE made.kind IN ('payment', 'offset') AND (
                run.status <> 'released' OR payment.state <> 'included' OR payment.phb_id <> made.phb_id
                OR payment.method <> made.method OR made.entered_on <> run.pays_on
                OR (made.kind = 'payment' AND made.amount <> payment.amount + payment.offset_amount)
                OR (made.kind = 'offset' AND made.amount <> -payment.offset_amount)
            )
        ) THEN
            RAISE EXCEPTION 'Only what was released is entered as paid'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_payment_is_released';
        END IF;
        IF EXISTS (
            SELECT 1 FROM made JOIN budgets_ledgerentry original ON original.id = made.reverses_id
            WHERE made.amount <> -original.amount OR made.phb_id <> original.phb_id OR original.kind = 'reversal'
                OR made.method <> original.method OR made.payment_id IS DISTINCT FROM original.payment_id
        ) THEN
            RAISE EXCEPTION 'A reversal takes back exactly what it reverses'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_matches';
        END IF;
        IF EXISTS (
            SELECT 1 FROM budgets_ledgerentry entry
            WHERE entry.payment_id IN (SELECT payment_id FROM made WHERE kind IN ('repayment', 'reversal'))
            GROUP BY entry.payment_id HAVING sum(entry.amount) < 0
        ) THEN
            RAISE EXCEPTION 'No more comes back than was paid'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_no_more_back_than_paid';
        END IF;
        RETURN NULL;
    """,
)

INVOICE_ADDS_UP = pgtrigger.Trigger(
    name="invoice_adds_up",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[("total", "numeric")],
    func="""
        SELECT coalesce(sum(amount), 0) INTO total FROM budgets_partnerinvoiceline WHERE invoice_id = NEW.id;
        IF total <> NEW.total_amount THEN
            RAISE EXCEPTION 'The lines add to %, the invoice is %', total, NEW.total_amount
                USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_adds_up';
        END IF;
        RETURN NULL;
    """,
)

# Lines come with their invoice, in the transaction that issues it.
INVOICE_LINES_COME_WITH_IT = pgtrigger.Trigger(
    name="invoice_lines_come_with_it",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="made"),
    func="""
        IF EXISTS (
            SELECT 1 FROM made JOIN budgets_partnerinvoice invoice ON invoice.id = made.invoice_id
            WHERE invoice.issued_at <> now()
        ) THEN
            RAISE EXCEPTION 'An invoice that was issued never changes'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_lines_come_with_it';
        END IF;
        RETURN NULL;
    """,
)
