"""Invented people with a referral and a screening each, in any number, the same on every machine. For measuring only.

They are copies of rows that are there, changed where it matters, so that a new column needs no change here. They are
written with the guards asleep and are rolled back with the transaction around them.
"""

from django.core.management.base import CommandError
from django.db import connection

# From 0 to `below` minus 1, by the person's number and a salt: the same each time.
CHANCE = "(abs(hashint8extended(n, {salt})) %% {below})"


def chance(salt: int, below: int) -> str:
    """A number in SQL that looks drawn by lot."""
    return CHANCE.format(salt=salt, below=below)


def one_of(salt: int, *values: str) -> str:
    """One of some SQL values."""
    return f"(ARRAY[{', '.join(values)}])[1 + {chance(salt, len(values))}]"


def yes_or_no(salt: int, in_a_hundred: int, unknown: int = 0) -> str:
    """A JSON truth, null for so many in a hundred."""
    drawn = chance(salt, 100)
    return (
        f"CASE WHEN {drawn} < {in_a_hundred} THEN 'true'::jsonb "
        f"WHEN {drawn} < {in_a_hundred + unknown} THEN 'null'::jsonb ELSE 'false'::jsonb END"
    )


# Independent of each other, which is unlike life and hard on a memory of facts already met: few people are alike.
FACTS = {
    "chc": one_of(1, "'eligible'", "'not_eligible'", "'not_eligible'", "'not_assessed'"),
    "chc_fast_track": yes_or_no(2, 3),
    "continuing_care": one_of(3, "'eligible'", "'not_eligible'", "'not_eligible'", "'not_assessed'"),
    "s117_aftercare": yes_or_no(4, 4),
    "wheelchair_need": one_of(5, "'none'", "'none'", "'none'", "'short_term'", "'long_term'"),
    "learning_disability": yes_or_no(6, 30, 5),
    "autism": yes_or_no(7, 20, 5),
    "under_paediatrician": yes_or_no(8, 40, 5),
    "under_camhs_consultant": yes_or_no(9, 20, 5),
    "high_level_domains": chance(10, 5),
    "ehc_plan": yes_or_no(11, 25),
    "may_benefit": yes_or_no(12, 40, 10),
    "mental_health_need": yes_or_no(13, 20),
    "long_term_condition": yes_or_no(14, 30, 3),
    "end_of_life": yes_or_no(15, 2),
}
FACTS_AS_SQL = ", ".join(f"'{code}', {value}" for code, value in FACTS.items())

PEOPLE = f"""
    INSERT INTO phb_register_person
    SELECT made.* FROM generate_series(1, %(people)s) AS n
    CROSS JOIN (
        SELECT to_jsonb(each) AS fields FROM phb_register_person each WHERE merged_into_id IS NULL ORDER BY id LIMIT 1
    ) AS model
    CROSS JOIN LATERAL jsonb_populate_record(NULL::phb_register_person, model.fields || jsonb_build_object(
        'id', %(first)s + n, 'reference', gen_random_uuid(), 'nhs_number', NULL,
        'nhs_number_missing_reason', 'not_traced', 'died_on', NULL,
        'commissioner_id', (%(commissioners)s::bigint[])[1 + {chance(20, 1000)} %% cardinality(%(commissioners)s)],
        'family_name', 'Bench' || {chance(21, 5000)}, 'given_name', 'Number ' || n,
        'born_on', %(today)s::date - (200 + {chance(22, 80 * 365)})::int
    )) AS made
"""  # noqa: S608  the parts are constants of this module

# Nine in ten were referred; of the others nothing is known.
REFERRALS = f"""
    INSERT INTO eligibility_referral
    SELECT made.* FROM generate_series(1, %(people)s) AS n
    CROSS JOIN (
        SELECT to_jsonb(each) AS fields FROM eligibility_referral each WHERE status = 'submitted' ORDER BY id LIMIT 1
    ) AS model
    CROSS JOIN LATERAL jsonb_populate_record(NULL::eligibility_referral, model.fields || jsonb_build_object(
        'id', %(first)s + n, 'reference', gen_random_uuid(), 'submission_key', gen_random_uuid(),
        'person_id', %(first)s + n,
        'commissioner_id', (SELECT commissioner_id FROM phb_register_person WHERE id = %(first)s + n),
        'received_on', %(today)s::date - {chance(23, 8 * 365)}::int,
        'decision_due_on', %(today)s::date + 28, 'acknowledge_due_on', NULL
    )) AS made
    WHERE {chance(24, 10)} > 0
"""  # noqa: S608  the parts are constants of this module

# Without the stored answers, which nothing that is measured reads.
SCREENINGS = f"""
    INSERT INTO eligibility_screening
    SELECT made.* FROM generate_series(1, %(people)s) AS n
    CROSS JOIN (
        SELECT to_jsonb(each) AS fields FROM eligibility_screening each ORDER BY id LIMIT 1
    ) AS model
    JOIN eligibility_referral referral ON referral.id = %(first)s + n
    CROSS JOIN LATERAL jsonb_populate_record(NULL::eligibility_screening, model.fields || jsonb_build_object(
        'id', %(first)s + n, 'reference', gen_random_uuid(), 'referral_id', %(first)s + n,
        'assessed_on', referral.received_on, 'answer', '{{}}'::jsonb,
        'facts', model.fields->'facts' || jsonb_build_object({FACTS_AS_SQL})
    )) AS made
"""  # noqa: S608  the parts are constants of this module

TABLES = ("phb_register_person", "eligibility_referral", "eligibility_screening")


def invent_people(people: int, commissioner_ids: list[int]) -> None:
    """Add so many people to commissioners. Inside a transaction that is rolled back. Raises `CommandError`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise CommandError("Inventing people needs a database role that is a superuser. Leave --people out.")
        cursor.execute(f"SELECT {' , '.join(f'(SELECT coalesce(max(id), 0) FROM {table})' for table in TABLES)}")  # noqa: S608
        params = {"people": people, "commissioners": sorted(commissioner_ids), "first": max(cursor.fetchone())}
        cursor.execute("SELECT current_date")
        params["today"] = cursor.fetchone()[0]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (PEOPLE, REFERRALS, SCREENINGS):
            cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
