"""The SQL behind the figures of pathway and quality: of each, the rows that it counts.

A figure is a count over these rows and a list of people shows the same rows, so that both agree. Every statement takes
`bodies` (see `Counted.in_sql`), `first` and `as_at` (the period's days, both counted), and reads the tables by their
names alone, so that it says what was known on a day where they are read so (`selectors.known`).
"""

# ruff: noqa: S608  (made of constants and the names of columns; every value is a parameter)

from reporting.selectors.scope import Counted

#: An offer made so many days before the period begins still holds for somebody found eligible in it.
OFFER_HOLDS_DAYS = 365


def eligible_people(scope: Counted) -> str:
    """People found eligible in the period, with what became of the offer: `person_id`, `part`, `reason`, two days.

    Found eligible: by a referral received in the period that was accepted, or that is not declined and whose latest
    screening gives a right or a live local offer; or because somebody offered them a budget in the period.
    """
    return f"""
    WITH offer AS (
        SELECT id, person_id, offered_on, response, responded_on, why_not FROM eligibility_budgetoffer
        WHERE is_current AND {scope.in_sql()} AND offered_on <= %(as_at)s
    ),
    referral AS (
        SELECT id, person_id FROM eligibility_referral
        WHERE {scope.in_sql()} AND received_on BETWEEN %(first)s AND %(as_at)s
    ),
    judged AS (
        SELECT referral.person_id, (
            SELECT decision.outcome FROM eligibility_decision decision
            WHERE decision.referral_id = referral.id AND decision.decided_on <= %(as_at)s
            ORDER BY decision.number DESC LIMIT 1
        ) AS decided, (
            SELECT screening.outcome FROM eligibility_screening screening
            WHERE screening.referral_id = referral.id AND screening.assessed_on <= %(as_at)s
            ORDER BY screening.screened_at DESC, screening.id DESC LIMIT 1
        ) AS screened
        FROM referral
    ),
    eligible AS (
        SELECT person_id FROM judged
        WHERE decided IN ('accepted', 'accepted_in_part') OR (decided IS NULL AND screened = ANY(%(to_be_offered)s))
        UNION
        SELECT person_id FROM offer WHERE offered_on >= %(first)s
    ),
    latest AS (
        SELECT DISTINCT ON (person_id) person_id, offered_on, responded_on <= %(as_at)s AS is_answered,
            response, responded_on, why_not
        FROM offer
        WHERE offered_on >= %(first)s::date - {OFFER_HOLDS_DAYS}
        ORDER BY person_id, offered_on DESC, id DESC
    )
    SELECT eligible.person_id AS id, eligible.person_id,
        CASE WHEN latest.person_id IS NULL THEN 'not_offered'
            WHEN is_answered THEN response ELSE 'not_answered' END AS part,
        CASE WHEN is_answered THEN why_not ELSE '' END AS reason,
        offered_on, CASE WHEN is_answered THEN responded_on END AS responded_on
    FROM eligible LEFT JOIN latest ON latest.person_id = eligible.person_id
    WHERE {scope.where_person("eligible")}
    """


def decided_referrals(scope: Counted) -> str:
    """Referrals whose first decision was made in the period: `id`, `part` (what was decided), `reason`, `days`."""
    return f"""
    SELECT referral.id, referral.person_id, decision.outcome AS part, decision.reason_code AS reason,
        referral.received_on, decision.decided_on, decision.decided_on - referral.received_on AS days,
        decision.decided_on <= referral.decision_due_on AS is_on_time
    FROM eligibility_decision decision
    JOIN eligibility_referral referral ON referral.id = decision.referral_id
    WHERE {scope.where_referral("referral")} AND decision.number = 1
        AND decision.decided_on BETWEEN %(first)s AND %(as_at)s
    """


def first_payments(scope: Counted) -> str:
    """Budgets first paid in the period, by a payment that stood at the end of it: `id`, `days` since the referral."""
    stands = """NOT EXISTS (
            SELECT FROM budgets_ledgerentry undone
            WHERE undone.reverses_id = entry.id AND undone.entered_on <= %(as_at)s
        )"""
    return f"""
    SELECT phb.id, phb.person_id, '' AS part, '' AS reason, referral.received_on, paid.first_on AS paid_on,
        paid.first_on - referral.received_on AS days
    FROM (
        SELECT entry.phb_id, min(entry.entered_on) AS first_on
        FROM budgets_ledgerentry entry
        WHERE {scope.in_sql("entry.commissioner_id")} AND entry.kind = 'payment'
            AND entry.financial_year BETWEEN %(first_year)s AND %(last_year)s
            AND entry.entered_on BETWEEN %(first)s AND %(as_at)s AND {stands}
        GROUP BY entry.phb_id
    ) paid
    JOIN budgets_personalhealthbudget phb ON phb.id = paid.phb_id
    JOIN eligibility_referral referral ON referral.id = phb.referral_id
    WHERE {scope.where("phb")} AND NOT EXISTS (
        SELECT FROM budgets_ledgerentry entry
        WHERE entry.phb_id = paid.phb_id AND entry.entered_on < %(first)s AND entry.kind = 'payment' AND {stands}
    )
    """
