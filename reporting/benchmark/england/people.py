"""The rows of a synthetic England that follow from its plan. Always the same."""

import datetime as dt
from typing import Any

from budgets.models import AgreedBudget, FundingShare, MethodPart, PersonalHealthBudget, Review, ReviewDue
from eligibility.models import BudgetOffer, Decision, Referral, ReferralTransition
from phb_register.models import Person
from reporting.benchmark.england.filling import at_once, fill, move_sequences, run, tell_history
from reporting.benchmark.england.plan import BODIES, CHANCE, FAMILY_ENDS, FAMILY_STARTS, GIVEN, NUMBERS, PLAN

FILLED = (
    Person, Referral, ReferralTransition, Decision, BudgetOffer, PersonalHealthBudget, AgreedBudget, MethodPart,
    FundingShare, Review, ReviewDue,
)  # fmt: skip


def build(people: int, user_id: int, today: dt.date, years: int = 8) -> dict[str, int]:
    """Fill an empty register with so many people in place. Inside a transaction. Returns the rows of each table."""
    params: dict[str, Any] = {
        "people": people,
        "most": 2 * people,
        "today": today,
        "days": years * 365,
        "user": user_id,
        "starts": FAMILY_STARTS.split(),
        "ends": FAMILY_ENDS.split(),
        "given": GIVEN.split(),
    }
    run("SET LOCAL synchronous_commit = off")
    run("SET LOCAL work_mem = '256MB'")
    run(CHANCE)
    for statement in (BODIES, NUMBERS, PLAN):
        run(statement, params)
    run("CREATE INDEX ON plan (who)")
    run("ANALYZE plan")
    with at_once(*FILLED):
        counts = {
            Person._meta.db_table: _people(params),
            Referral._meta.db_table: _referrals(params),
            PersonalHealthBudget._meta.db_table: _budgets(params),
        }
        _histories(params)
        move_sequences(FILLED)
    return counts


def _people(params: dict[str, Any]) -> int:
    rare = "(pg_temp.chance(who, {salt}, 1000) * pg_temp.chance(who, {salt} + 1, 1000) / 1000)"
    return fill(
        Person,
        {
            "id": "who",
            "commissioner_id": "body_id",
            "nhs_number": "nhs.number",
            "nhs_number_missing_reason": "CASE WHEN nhs.number IS NULL THEN 'not_traced' ELSE '' END",
            "family_name": (
                f"(%(starts)s)[1 + {rare.format(salt=20)} * cardinality(%(starts)s) / 1000] "
                f"|| (%(ends)s)[1 + {rare.format(salt=22)} * cardinality(%(ends)s) / 1000]"
            ),
            "given_name": "(%(given)s)[1 + pg_temp.chance(who, 24, cardinality(%(given)s))]",
            # Whoever is a child is one today; everybody else was an adult when their first budget began.
            "born_on": (
                "CASE WHEN is_child "
                "THEN person_start - 30 - pg_temp.chance(who, 25, 17 * 365 - (%(today)s::date - person_start)) "
                "ELSE %(today)s::date - (27 * 365 + pg_temp.chance(who, 25, 65 * 365)) END"
            ),
            "sex": "(ARRAY['female', 'male', 'female', 'male', 'not_known'])[1 + pg_temp.chance(who, 26, 5)]",
            "ethnic_category": (
                "(string_to_array('A A A A A A A B C D E F G H J K L M N P R S Z 99', ' '))"
                "[1 + pg_temp.chance(who, 27, 24)]"
            ),
            "postcode": "'ZZ' || 10 + icb || ' ' || pg_temp.chance(who, 28, 10) || 'AB'",
            "gp_practice": "'Z' || lpad(pg_temp.chance(who, 29, 6000)::text, 5, '0')",
        },
        # A person is the responsibility of the body of their latest budget.
        "FROM (SELECT DISTINCT ON (who) * FROM plan ORDER BY who, coalesce(agreed_on, received_on) DESC, n) AS plan "
        "LEFT JOIN nhs ON nhs.n = who",
        params,
    )


def _referrals(params: dict[str, Any]) -> int:
    status = "CASE kind WHEN 'declined' THEN 'declined' WHEN 'waiting' THEN 'submitted' ELSE 'accepted' END"
    cohort = "CASE WHEN agreed_on IS NOT NULL THEN cohort.id END"
    joined = "FROM plan JOIN offers_cohort cohort ON cohort.code = plan.cohort AND cohort.local_offer_id IS NULL"
    decided = "coalesce(agreed_on, received_on + 5 + pg_temp.chance(n, 31, 40))"
    made = fill(
        Referral,
        {
            "id": "n",
            "person_id": "who",
            "commissioner_id": "body_id",
            "cohort_id": cohort,
            "status": status,
            "received_on": "received_on",
            "decision_days": "28",
            "decision_days_counted": "'calendar'",
            "decision_due_on": "received_on + 28",
            "referred_by_id": "%(user)s",
            "recorded_at": "received_on + time '09:00'",
        },
        joined,
        params,
    )
    step = {"referral_id": "n", "made_by_id": "%(user)s"}
    fill(
        ReferralTransition,
        step | {"action": "'submit'", "to_status": "'submitted'", "occurred_on": "received_on",
                "recorded_at": "received_on + time '09:00'"},
        joined,
        params,
    )  # fmt: skip
    fill(
        ReferralTransition,
        step | {"action": "CASE kind WHEN 'declined' THEN 'decline' ELSE 'accept' END", "from_status": "'submitted'",
                "to_status": status, "occurred_on": decided, "recorded_at": f"{decided} + time '15:00'"},
        f"{joined} WHERE kind <> 'waiting'",
        params,
    )  # fmt: skip
    fill(
        Decision,
        {
            "referral_id": "n",
            "number": "1",
            "outcome": "CASE kind WHEN 'declined' THEN 'declined' ELSE 'accepted' END",
            "cohort_id": cohort,
            "is_right_to_have": "false",
            "reason_code": (
                "CASE WHEN kind <> 'declined' THEN '' ELSE "
                "(ARRAY['criteria_not_met', 'not_yet_offered', 'not_responsible'])[1 + pg_temp.chance(n, 32, 3)] END"
            ),
            "reasons": "CASE kind WHEN 'declined' THEN 'Invented for measuring' ELSE '' END",
            "decided_on": decided,
            "decided_by_id": "%(user)s",
            "recorded_at": f"{decided} + time '15:00'",
        },
        f"{joined} WHERE kind <> 'waiting'",
        params,
    )
    fill(
        BudgetOffer,
        {
            "person_id": "who",
            "commissioner_id": "body_id",
            "referral_id": "n",
            "offered_on": "received_on",
            "offered_by_id": "%(user)s",
            "channel": "'in_person'",
            "information_given": "ARRAY['talk']",
            "methods_discussed": "ARRAY['notional']",
            "communication_format": "'standard'",
            "response": "CASE kind WHEN 'declined' THEN 'declined' WHEN 'waiting' THEN 'not_answered' "
            "ELSE 'accepted' END",
            "responded_on": "CASE WHEN kind <> 'waiting' THEN received_on + 3 END",
            "why_not": "CASE kind WHEN 'declined' THEN 'other' ELSE '' END",
            "is_current": "true",
            "recorded_by_id": "%(user)s",
            "recorded_at": "received_on + time '09:30'",
        },
        f"{joined} WHERE pg_temp.chance(n, 33, 10) < 7",
        params,
    )
    return made


def _budgets(params: dict[str, Any]) -> int:
    joined = "FROM plan JOIN offers_cohort cohort ON cohort.code = plan.cohort AND cohort.local_offer_id IS NULL"
    agreed = f"{joined} WHERE agreed_on IS NOT NULL"
    made = fill(
        PersonalHealthBudget,
        {
            "id": "n",
            "person_id": "who",
            "commissioner_id": "body_id",
            "cohort_id": "cohort.id",
            "referral_id": "n",
            "agreed_on": "agreed_on",
            "agreed_by_id": "%(user)s",
            "started_on": "started_on",
            "ended_on": "ended_on",
            "end_reason": (
                "CASE WHEN ended_on IS NULL THEN '' ELSE "
                "(ARRAY['died', 'no_longer_eligible'])[1 + pg_temp.chance(n, 40, 2)] END"
            ),
            "annual_amount": "pounds",
            "previous_annual_amount": "CASE WHEN pg_temp.chance(n, 41, 10) < 7 THEN pounds * 1.1 END",
            "is_fast_track": "plan.cohort = 'chc' AND pg_temp.chance(n, 42, 100) < 20",
            "lives_in": "CASE WHEN pg_temp.chance(n, 43, 100) < 85 THEN 'home' ELSE 'care_home' END",
            "is_one_off": "plan.cohort = 'wheelchair' AND pg_temp.chance(n, 44, 4) = 0",
        },
        agreed,
        params,
    )
    fill(
        AgreedBudget,
        {
            "id": "n",
            "phb_id": "n",
            "number": "1",
            "applies_from": "agreed_on",
            "annual_amount": "pounds",
            "recorded_by_id": "%(user)s",
            "recorded_at": "agreed_on + time '15:00'",
        },
        agreed,
        params,
    )
    _parts(agreed, params)
    for funder, percent, who in (
        ("nhs", "CASE WHEN pg_temp.chance(n, 45, 100) < 85 THEN 100 ELSE 70 END", ""),
        ("local_authority", "30", "AND pg_temp.chance(n, 45, 100) >= 85"),
    ):
        fill(
            FundingShare,
            {
                "phb_id": "n",
                "agreed_budget_id": "n",
                "funder": f"'{funder}'",
                "body_name": "''" if funder == "nhs" else "'A council'",
                "percent": percent,
                "starts_on": "agreed_on",
            },
            f"{agreed} {who}",
            params,
        )
    _reviews(agreed, params)
    return made


def _parts(agreed: str, params: dict[str, Any]) -> None:
    """The ways the money is managed: one in ten began as notional, one in five direct payments has notional beside."""
    first_day = "coalesce(started_on, agreed_on)"
    changed = "(started_on IS NOT NULL AND plan.method <> 'notional' AND pg_temp.chance(n, 46, 10) = 0)"
    change = f"({first_day} + (coalesce(ended_on, %(today)s) - {first_day}) / 2)"
    whole = {"phb_id": "n", "annual_amount": "pounds", "ends_on": "ended_on"}
    fill(
        MethodPart,
        whole
        | {"method": "plan.method", "starts_on": f"CASE WHEN {changed} THEN {change} ELSE {first_day} END"},
        agreed,
        params,
    )  # fmt: skip
    fill(
        MethodPart,
        whole | {"method": "'notional'", "starts_on": first_day, "ends_on": change},
        f"{agreed} AND {changed}",
        params,
    )
    fill(
        MethodPart,
        whole | {"method": "'notional'", "starts_on": first_day},
        f"{agreed} AND plan.method = 'direct_payment' AND NOT {changed} AND pg_temp.chance(n, 47, 5) = 0",
        params,
    )


def _reviews(agreed: str, params: dict[str, Any]) -> None:
    """A first review after three months and the latest of the years, most of them in time."""
    until = "coalesce(ended_on, %(today)s)"
    first = "(started_on + interval '3 months')::date"
    held = f"({first} - 10 + pg_temp.chance(n, 50, 30))"
    answers = {f"is_{question}": "true" for question in ("plan_right", "used_well", "amount_enough", "complied_with")}
    common = answers | {
        "phb_id": "n",
        "held_by_id": "%(user)s",
        "completed_by_id": "%(user)s",
        "way": "'phone'",
        "took_part": "ARRAY['person']",
        "outcomes": "ARRAY['continue']",
    }
    fill(
        Review,
        common
        | {"number": "1", "kind": "'first'", "due_on": first, "held_on": held, "completed_on": held,
           "next_due_on": f"({held} + interval '1 year')::date", "recorded_at": f"{held} + time '15:00'"},
        f"{agreed} AND started_on IS NOT NULL AND {held} <= {until}",
        params,
    )  # fmt: skip
    years = f"greatest(0, ({until} - {held}) / 365)"
    last = f"({held} + {years} * 365)"
    fill(
        Review,
        common
        | {"number": "2", "kind": "'annual'", "due_on": f"{last} - pg_temp.chance(n, 51, 20) + 10",
           "held_on": last, "completed_on": last, "next_due_on": f"({last} + interval '1 year')::date",
           "recorded_at": f"{last} + time '15:00'"},
        f"{agreed} AND started_on IS NOT NULL AND {held} <= {until} AND {years} > 0 AND pg_temp.chance(n, 52, 10) < 8",
        params,
    )  # fmt: skip
    fill(
        ReviewDue,
        {
            "phb_id": "n",
            "commissioner_id": "body_id",
            "started_on": "started_on",
            "ended_on": "ended_on",
            "first_paid_on": "CASE WHEN plan.method <> 'notional' THEN started_on + 14 END",
            "first_direct_on": "CASE plan.method WHEN 'direct_payment' THEN started_on + 14 END",
            "last_held_on": "held_on",
        },
        agreed.replace(
            " WHERE ",
            " LEFT JOIN (SELECT phb_id, max(held_on) AS held_on FROM budgets_review GROUP BY 1) AS held "
            "ON held.phb_id = n WHERE ",
            1,
        ),
        params,
    )


def _histories(params: dict[str, Any]) -> None:
    """What was known when: a budget is entered some days after it was agreed, a start or end some days after it."""
    late = "interval '1 hour' * pg_temp.chance(row.id, 60, 24 * 30) + time '09:00'"
    entered, started, ended = (f"row.{day}_on + {late}" for day in ("agreed", "started", "ended"))
    unended = {"ended_on": "NULL", "end_reason": "''"}
    tell_history(PersonalHealthBudget, "insert", entered, unended | {"started_on": "NULL"}, "true", params)
    tell_history(PersonalHealthBudget, "update", started, unended, "row.started_on IS NOT NULL", params)
    tell_history(PersonalHealthBudget, "update", ended, {}, "row.ended_on IS NOT NULL", params)
    begun = f"row.starts_on + {late}"
    tell_history(MethodPart, "insert", begun, {"ends_on": "NULL"}, "true", params)
    tell_history(MethodPart, "update", f"row.ends_on + {late}", {}, "row.ends_on IS NOT NULL", params)
    tell_history(FundingShare, "insert", begun, {}, "true", params)
    tell_history(Referral, "insert", "row.recorded_at", {"status": "'submitted'", "cohort_id": "NULL"}, "true", params)
    tell_history(Referral, "update", "row.recorded_at + interval '20 days'", {}, "row.status <> 'submitted'", params)
    tell_history(Person, "insert", "timestamp '2018-04-01 09:00' + interval '1 hour' * row.id", {}, "true", params)
