"""Who lives in the synthetic England: one row a budget, and one a referral that came to none. SQL, seeded.

In place are as many people as were asked for, 80 in a hundred by a notional budget, 15 by a direct payment and 5 by a
third party, 86 of a hundred adults. Beside them stand the budgets of eight years that ended, second budgets, some that
are agreed and not started, and referrals that were declined or wait. All of it is invented.
"""

FAMILY_STARTS = (
    "Ash Birch Black Brad Bram Brook Burn Cart Char Chat Clay Cole Copper Cotter Cran Dal Den Don East Eller Fair "
    "Farn Fern Ford Gar Glen Gran Green Hal Ham Hart Haw Heath Holl Hor Hutch Kel King Lang Law Leigh Lin Lock Mar "
    "Mel Mill Nor Oak Os Park Pen Quin Ran Red Rock Rown Sand Shel Stan Stock Sutt Thorn Tur Under Wal War Wel West "
    "Whit Wood Wyn Yar"
)
FAMILY_ENDS = "ley ton ford son wick by ham worth field bridge croft dale ing er land man mere more stone well"
GIVEN = (
    "Testa Ada Alba Amir Anan Aria Arlo Asha Ben Bryn Cato Ceri Dara Dilys Edie Elin Esme Ezra Fay Finn Gita Gwen "
    "Hani Hugo Ida Imran Iris Ivo Jaya Joss Juno Kai Kezia Lara Leo Lila Mabel Mina Nell Nia Noor Olga Otis Perla "
    "Quill Rafi Remy Rhoda Rosa Saul Sela Tariq Theo Una Vera Wilf Xena Yusuf Zara Zeno"
)

# A number that looks drawn by lot, from 0 to `below` minus 1: the same each time.
CHANCE = """
    CREATE OR REPLACE FUNCTION pg_temp.chance(n bigint, salt int, below int) RETURNS int
    IMMUTABLE LANGUAGE sql AS 'SELECT (abs(hashint8extended(n, salt)) % below)::int'
"""

# Which bodies, by the ICB that they came to in the end, were open in which days.
BODIES = """
    CREATE TEMP TABLE era AS
    WITH RECURSIVE line (body_id, icb_id) AS (
        SELECT id, id FROM phb_register_commissioner WHERE kind = 'icb' AND closed_on IS NULL
        UNION ALL
        SELECT predecessor_id, icb_id FROM phb_register_succession JOIN line ON successor_id = line.body_id
        WHERE is_main
    ), edge AS (
        SELECT DISTINCT opened_on AS first_day FROM phb_register_commissioner WHERE kind IN ('ccg', 'icb')
    ), days AS (
        SELECT first_day, coalesce(lead(first_day) OVER (ORDER BY first_day), 'infinity') AS next_first FROM edge
    ), numbered AS (
        SELECT icb_id, row_number() OVER (ORDER BY icb_id) - 1 AS icb FROM (SELECT DISTINCT icb_id FROM line) AS each
    )
    SELECT icb::int, first_day, next_first, array_agg(body_id ORDER BY body_id) AS bodies
    FROM days CROSS JOIN numbered JOIN line USING (icb_id)
    JOIN phb_register_commissioner body ON body.id = body_id
        AND opened_on <= first_day AND (closed_on IS NULL OR closed_on >= first_day)
    GROUP BY 1, 2, 3
"""

# Valid numbers of the 999 range, which no person has. There are some 900,000; whoever comes after has none.
NUMBERS = """
    CREATE TEMP TABLE nhs AS
    WITH drawn AS (
        SELECT prefix, 11 - (
            SELECT sum(substr(prefix, place, 1)::int * (11 - place)) FROM generate_series(1, 9) AS place
        ) %% 11 AS digit
        FROM (
            SELECT '999' || lpad(n::text, 6, '0') AS prefix FROM generate_series(0, least(%(most)s, 999999)) AS n
        ) AS each
    )
    SELECT row_number() OVER (ORDER BY prefix) AS n, prefix || CASE digit WHEN 11 THEN 0 ELSE digit END AS number
    FROM drawn WHERE digit <> 10
"""

# One row a budget, and one a referral that came to none. `who` is the person.
PLAN = """
    CREATE TEMP TABLE plan AS
    WITH size AS (
        SELECT %(people)s::int AS place, %(people)s::int * 4 / 10 AS gone, %(people)s::int * 3 / 100 AS second,
            %(people)s::int * 2 / 100 AS agreed, %(people)s::int * 22 / 100 AS others
    ), kinds AS (
        SELECT n, CASE
            WHEN n <= place THEN 'in place'
            WHEN n <= place + gone / 2 THEN 'ended'
            WHEN n <= place + gone THEN 'earlier'
            WHEN n <= place + gone + second THEN 'second'
            WHEN n <= place + gone + second + agreed THEN 'agreed'
            WHEN n <= place + gone + second + agreed + others * 10 / 11 THEN 'declined'
            ELSE 'waiting'
        END AS kind, CASE
            WHEN n <= place + gone / 2 THEN n
            WHEN n <= place + gone THEN n - place - gone / 2
            WHEN n <= place + gone + second THEN (n - place - gone) * 33
            ELSE n - gone / 2 - second
        END AS who
        FROM size, generate_series(1, place + gone + second + agreed + others) AS n
    ), begun AS (
        -- More start each year than the year before.
        SELECT *, pg_temp.chance(who, 1, 42) AS icb, pg_temp.chance(who, 2, 100) < 14 AS is_child,
            %(today)s::date - (%(days)s * (1 - sqrt(pg_temp.chance(who, 3, 1000000) / 1000000.0)))::int AS person_start
        FROM kinds
    ), dated AS (
        SELECT *, CASE kind
            WHEN 'earlier' THEN greatest(person_start - 200 - pg_temp.chance(n, 4, 400), '2018-04-02')
            WHEN 'second' THEN least(person_start + pg_temp.chance(n, 4, 300), %(today)s)
            WHEN 'agreed' THEN NULL
            WHEN 'declined' THEN NULL
            WHEN 'waiting' THEN NULL
            ELSE person_start
        END AS started_on
        FROM begun
    ), agreed AS (
        SELECT *, CASE
            WHEN started_on IS NOT NULL THEN greatest(started_on - pg_temp.chance(n, 5, 40), '2018-04-01')
            WHEN kind = 'agreed' THEN %(today)s::date - pg_temp.chance(n, 5, 60)
        END AS agreed_on,
        CASE kind
            WHEN 'earlier' THEN person_start - pg_temp.chance(n, 6, 30)
            WHEN 'ended' THEN least(
                started_on + 30 + pg_temp.chance(n, 6, greatest(%(today)s::date - started_on - 30, 1)), %(today)s
            )
        END AS ended_on
        FROM dated
    ), received AS (
        SELECT *, CASE
            WHEN agreed_on IS NOT NULL THEN agreed_on - 1 - pg_temp.chance(n, 7, 45)
            WHEN kind = 'waiting' THEN %(today)s::date - pg_temp.chance(n, 7, 40)
            ELSE person_start - 50
        END AS received_on
        FROM agreed
    )
    SELECT received.*, bodies[1 + pg_temp.chance(n, 8, cardinality(bodies))] AS body_id,
        CASE
            WHEN kind = 'second' THEN 'wheelchair'
            WHEN is_child THEN (
                ARRAY['continuing-care', 'continuing-care', 'continuing-care', 'ehc-plan', 'ld-autism-child']
            )[1 + pg_temp.chance(who, 9, 5)]
            ELSE (
                ARRAY['chc', 'chc', 'chc', 'chc', 'chc', 'chc', 's117', 'ld-autism-adult', 'mental-health',
                    'long-term-condition']
            )[1 + pg_temp.chance(who, 9, 10)]
        END AS cohort,
        -- By the person, so that the shares are those of people.
        (ARRAY['notional', 'direct_payment', 'third_party'])[CASE
            WHEN pg_temp.chance(who, 10, 100) < 80 THEN 1 WHEN pg_temp.chance(who, 10, 100) < 95 THEN 2 ELSE 3
        END] AS method,
        1000 + pg_temp.chance(n, 11, 60000) AS pounds
    FROM received
    JOIN era USING (icb)
    WHERE coalesce(agreed_on, received_on) >= first_day AND coalesce(agreed_on, received_on) < next_first
"""
