"""The same answers in SQL written by hand: the least that each page needs of the database."""

REGISTER = (
    """
    SELECT count(*) FROM budgets_personalhealthbudget WHERE commissioner_id = ANY(%(ids)s)
    """,
    """
    SELECT phb.*, person.*, cohort.name, body.name,
        (SELECT array_agg(part.method) FROM budgets_methodpart part WHERE part.phb_id = phb.id),
        (SELECT array_agg(share.funder) FROM budgets_fundingshare share WHERE share.phb_id = phb.id)
    FROM budgets_personalhealthbudget phb
    JOIN phb_register_person person ON person.id = phb.person_id
    JOIN phb_register_commissioner body ON body.id = phb.commissioner_id
    JOIN offers_cohort cohort ON cohort.id = phb.cohort_id
    WHERE phb.commissioner_id = ANY(%(ids)s)
    ORDER BY phb.agreed_on DESC, phb.id DESC
    LIMIT 50
    """,
)

DASHBOARD = (
    """
    SELECT cohort_id, count(*), count(*) FILTER (WHERE lives_in = 'home'),
        count(*) FILTER (WHERE lives_in = 'home' AND is_fast_track)
    FROM budgets_personalhealthbudget
    WHERE commissioner_id = ANY(%(ids)s) AND started_on <= %(as_at)s AND (ended_on IS NULL OR ended_on > %(as_at)s)
    GROUP BY cohort_id
    """,
    """
    SELECT method, is_child, count(*) FROM (
        SELECT phb.person_id, person.born_on > %(as_at)s::date - interval '18 years' AS is_child,
            max(CASE part.method WHEN 'direct_payment' THEN 3 WHEN 'third_party' THEN 2 WHEN 'notional' THEN 1 END)
                AS method
        FROM budgets_personalhealthbudget phb
        JOIN phb_register_person person ON person.id = phb.person_id
        LEFT JOIN budgets_methodpart part ON part.phb_id = phb.id AND part.starts_on <= %(as_at)s
            AND (part.ends_on IS NULL OR part.ends_on > %(as_at)s)
        WHERE phb.commissioner_id = ANY(%(ids)s) AND phb.started_on <= %(as_at)s
            AND (phb.ended_on IS NULL OR phb.ended_on > %(as_at)s)
        GROUP BY phb.person_id, person.born_on
    ) AS each_person GROUP BY method, is_child
    """,
    """
    SELECT count(DISTINCT person_id) FILTER (WHERE started_on <= %(as_at)s
            AND (ended_on IS NULL OR (ended_on > %(year)s AND ended_on > started_on))),
        count(*) FILTER (WHERE agreed_on <= %(as_at)s AND (started_on IS NULL OR started_on > %(as_at)s)
            AND (ended_on IS NULL OR ended_on > %(as_at)s))
    FROM budgets_personalhealthbudget WHERE commissioner_id = ANY(%(ids)s)
    """,
    """
    SELECT month, sum(change) OVER (ORDER BY month) FROM (
        SELECT month, sum(change) AS change FROM (
            SELECT date_trunc('month', started_on) AS month, count(*) AS change
            FROM budgets_personalhealthbudget
            WHERE commissioner_id = ANY(%(ids)s) AND started_on <= %(as_at)s GROUP BY 1
            UNION ALL
            SELECT date_trunc('month', ended_on), -count(*) FROM budgets_personalhealthbudget
            WHERE commissioner_id = ANY(%(ids)s) AND ended_on <= %(as_at)s AND started_on IS NOT NULL GROUP BY 1
        ) AS changes GROUP BY month
    ) AS by_month ORDER BY month
    """,
    """
    SELECT (SELECT people FROM phb_register_population
            WHERE commissioner_id = %(commissioner)s AND counted_on <= %(as_at)s ORDER BY counted_on DESC LIMIT 1),
        (SELECT low_rate FROM reporting_target
            WHERE commissioner_id = %(commissioner)s AND applies_from <= %(as_at)s ORDER BY applies_from DESC LIMIT 1),
        (SELECT eligible.people FROM reporting_eligiblepopulation eligible
            JOIN offers_cohort cohort ON cohort.id = eligible.cohort_id AND cohort.code = 'chc'
            WHERE eligible.commissioner_id = %(commissioner)s AND eligible.counted_on <= %(as_at)s
            ORDER BY eligible.counted_on DESC LIMIT 1)
    """,
)

# A referral like the model one, with its answer, its first transition and its line in the access log.
SUBMIT_REFERRAL = (
    """
    INSERT INTO eligibility_referral (reference, submission_key, status, asks_for, note, received_on,
        decision_days, decision_days_counted, decision_due_on, recorded_at, commissioner_id, person_id, referred_by_id)
    SELECT gen_random_uuid(), gen_random_uuid(), 'submitted', '', '', %(today)s,
        decision_days, decision_days_counted, %(today)s, now(), commissioner_id, person_id, referred_by_id
    FROM eligibility_referral WHERE id = %(model)s
    """,
    """
    INSERT INTO eligibility_screening (reference, assessed_on, facts, facts_in_words, answer, outcome, rule_versions,
        reason, screened_at, referral_id, screened_by_id)
    SELECT gen_random_uuid(), %(today)s, facts, facts_in_words, answer, outcome, rule_versions, reason, now(),
        currval(pg_get_serial_sequence('eligibility_referral', 'id')), screened_by_id
    FROM eligibility_screening WHERE referral_id = %(model)s LIMIT 1
    """,
    """
    INSERT INTO eligibility_referraltransition (action, from_status, to_status, note, occurred_on, recorded_at,
        made_by_id, referral_id)
    SELECT 'submit', '', 'submitted', '', %(today)s, now(), referred_by_id,
        currval(pg_get_serial_sequence('eligibility_referral', 'id'))
    FROM eligibility_referral WHERE id = %(model)s
    """,
    """
    INSERT INTO phb_register_accesslogentry (at, action, subject_type, subject_id, detail, previous_hash,
        entry_hash, commissioner_id)
    SELECT now(), 'submit-referral', 'eligibility.Referral', '1', '{}', '', '', commissioner_id
    FROM eligibility_referral WHERE id = %(model)s
    """,
)
