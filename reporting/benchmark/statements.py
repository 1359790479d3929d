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

_IN_PLACE = "started_on <= %(as_at)s AND (ended_on IS NULL OR ended_on > %(as_at)s)"
_STARTED_IN = "(started_on BETWEEN %({since})s AND %(as_at)s AND (ended_on IS NULL OR ended_on > started_on))"
_ENDED_IN = "(ended_on BETWEEN %({since})s AND %(as_at)s AND started_on IS NOT NULL)"

# `{counted}` is the condition of whose budgets count; for England there is none.
DASHBOARD = (
    f"""
    SELECT cohort_id, count(*) FILTER (WHERE {_IN_PLACE}),
        count(*) FILTER (WHERE {_IN_PLACE} AND lives_in = 'home'),
        count(*) FILTER (WHERE {_IN_PLACE} AND lives_in = 'home' AND is_fast_track),
        count(*) FILTER (WHERE {_IN_PLACE} AND is_one_off),
        count(*) FILTER (WHERE {_IN_PLACE} AND joint.phb_id IS NOT NULL),
        count(*) FILTER (WHERE {_STARTED_IN.format(since="quarter")}),
        count(*) FILTER (WHERE {_STARTED_IN.format(since="year")}),
        count(*) FILTER (WHERE {_ENDED_IN.format(since="quarter")}),
        count(*) FILTER (WHERE {_ENDED_IN.format(since="year")}),
        count(*) FILTER (WHERE (started_on IS NULL OR started_on > %(as_at)s)
            AND (ended_on IS NULL OR ended_on > %(as_at)s))
    FROM budgets_personalhealthbudget
    LEFT JOIN (
        SELECT DISTINCT phb_id FROM budgets_fundingshare
        WHERE percent < 100 AND starts_on <= %(as_at)s AND (ends_on IS NULL OR ends_on > %(as_at)s)
    ) AS joint ON joint.phb_id = budgets_personalhealthbudget.id
    WHERE {{counted}} AND agreed_on <= %(as_at)s AND (ended_on IS NULL OR ended_on >= %(year)s)
    GROUP BY cohort_id
    """,  # noqa: S608  the parts are constants of this module
    f"""
    SELECT method, is_in_place, born_on > %(as_at)s::date - interval '18 years' AS is_child, count(*) FROM (
        SELECT person_id, bool_or({_IN_PLACE}) AS is_in_place,
            max(CASE part.method WHEN 'direct_payment' THEN 3 WHEN 'third_party' THEN 2 WHEN 'notional' THEN 1 END)
                AS method
        FROM budgets_personalhealthbudget
        LEFT JOIN budgets_methodpart part ON part.phb_id = budgets_personalhealthbudget.id
            AND starts_on <= %(as_at)s AND (ends_on IS NULL OR ends_on > %(as_at)s) AND {_IN_PLACE}
        WHERE {{counted}} AND started_on <= %(as_at)s
            AND (ended_on IS NULL OR (ended_on > %(year)s AND ended_on > started_on))
        GROUP BY person_id
    ) AS each_person JOIN phb_register_person person ON person.id = each_person.person_id
    GROUP BY 1, 2, 3
    """,  # noqa: S608  the parts are constants of this module
    f"""
    SELECT count(*) FROM budgets_personalhealthbudget phb
    WHERE {{counted}} AND {_IN_PLACE} AND cohort_id = (SELECT id FROM offers_cohort WHERE code = 'wheelchair')
        AND (started_on >= %(reviewed_from)s OR (
            SELECT TRUE FROM budgets_review WHERE phb_id = phb.id AND held_on BETWEEN %(reviewed_from)s AND %(as_at)s
            LIMIT 1
        ))
    """,  # noqa: S608  the parts are constants of this module
    """
    SELECT month, sum(change) OVER (ORDER BY month) FROM (
        SELECT month, sum(change) AS change FROM (
            SELECT date_trunc('month', started_on) AS month, count(*) AS change
            FROM budgets_personalhealthbudget WHERE {counted} AND started_on <= %(as_at)s GROUP BY 1
            UNION ALL
            SELECT date_trunc('month', ended_on), -count(*) FROM budgets_personalhealthbudget
            WHERE {counted} AND ended_on <= %(as_at)s AND started_on IS NOT NULL GROUP BY 1
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


def dashboard(counted: str) -> tuple[str, ...]:
    """What a dashboard needs, where so much counts."""
    return tuple(statement.format(counted=counted) for statement in DASHBOARD)


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
