"""The people that a version is tried on: who they are, and what is known of them. Read in portions, without a user.

For the job that works out resource implications; a page reads what it found through ``visible_to``.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from eligibility.rules import FACTS

PORTION = 5000

# On the register on the day: born by then, alive, and not a record that was merged into another.
PEOPLE = """
    SELECT person.id FROM phb_register_person person
    WHERE person.merged_into_id IS NULL AND person.born_on <= %(as_at)s
        AND (person.died_on IS NULL OR person.died_on > %(as_at)s)
        AND (
            person.commissioner_id = ANY(%(commissioners)s)
            OR person.id IN (
                SELECT referral.person_id FROM eligibility_referral referral
                WHERE referral.commissioner_id = ANY(%(commissioners)s)
                    AND referral.received_on BETWEEN %(period_from)s AND %(period_to)s
            )
        )
    ORDER BY person.id
"""

# What these commissioners asked another commissioner's referral of the person is not theirs to use.
KNOWN = """
    WITH referred AS (
        SELECT DISTINCT ON (person_id) person_id, commissioner_id FROM eligibility_referral
        WHERE person_id = ANY(%(people)s) AND commissioner_id = ANY(%(commissioners)s)
            AND received_on BETWEEN %(period_from)s AND %(period_to)s
        ORDER BY person_id, received_on DESC, id DESC
    ), latest AS (
        SELECT DISTINCT ON (referral.person_id) referral.person_id, screening.facts
        FROM eligibility_referral referral
        JOIN eligibility_screening screening ON screening.referral_id = referral.id
        WHERE referral.person_id = ANY(%(people)s) AND referral.commissioner_id = ANY(%(commissioners)s)
            AND screening.assessed_on <= %(as_at)s
        ORDER BY referral.person_id, screening.assessed_on DESC, screening.id DESC
    )
    SELECT person.id,
        CASE WHEN person.commissioner_id = ANY(%(commissioners)s) THEN person.commissioner_id
            ELSE referred.commissioner_id END,
        person.born_on, referred.person_id IS NOT NULL, (latest.facts - %(not_used)s::text[])::text
    FROM phb_register_person person
    LEFT JOIN referred ON referred.person_id = person.id
    LEFT JOIN latest ON latest.person_id = person.id
    WHERE person.id = ANY(%(people)s)
"""


@dataclass(frozen=True)
class Scope:
    """Whose people, on which day, referred in which period (both days included)."""

    commissioner_ids: frozenset[int]
    as_at: dt.date
    period_from: dt.date
    period_to: dt.date

    def as_params(self) -> dict[str, Any]:
        """For the statements above."""
        return {
            "commissioners": sorted(self.commissioner_ids),
            "as_at": self.as_at,
            "period_from": self.period_from,
            "period_to": self.period_to,
        }


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """A person with the facts last stored of them: JSON text, None for somebody never screened.

    ``commissioner_id`` is the person's own; of somebody else's person who was referred in the period, the referral's.
    """

    person_id: int
    commissioner_id: int
    born_on: dt.date
    was_referred: bool
    facts: str | None

    def read(self) -> dict[str, Any]:
        """The facts as values by code."""
        values: dict[str, Any] = json.loads(self.facts or "{}")
        return values


def people_in_scope(scope: Scope) -> list[int]:
    """The ids of everybody on the register on the day, and of whoever was referred in the period."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, scope.as_params())
        return [row[0] for row in cursor.fetchall()]


def what_is_known(scope: Scope, people: list[int], facts_used: Collection[str]) -> Iterator[list[PersonKnown]]:
    """Everybody with the facts last stored of them by the day, `PORTION` people at a time.

    Only ``facts_used`` are read: of people alike in these the texts are alike.
    """
    params = {**scope.as_params(), "not_used": [code for code in FACTS if code not in facts_used or code == "born_on"]}
    for start in range(0, len(people), PORTION):
        with connection.cursor() as cursor:
            cursor.execute(KNOWN, {**params, "people": people[start : start + PORTION]})
            yield [PersonKnown(*row) for row in cursor.fetchall()]
