"""What an import of another register asks of ours, many rows at a time, and the lists of imports."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import DateField, TextField

from budgets.models import PersonalHealthBudget, RegisterImportRow
from offers.models import Cohort
from phb_register.bulk import among
from phb_register.models import Commissioner, PartnershipMember, Person, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids

#: (family name, given name, date of birth), the names in small letters.
Identity = tuple[str, str, dt.date]


@dataclass
class KnownPerson:
    """A person in the register, or one of the rows before who will be. `spells` are by the id of the cohort.

    A spell is its first day and the day after its last, None where it goes on.
    """

    pk: int | None
    nhs_number: str
    identity: Identity
    commissioner_id: int
    died_on: dt.date | None
    spells: dict[int, list[tuple[dt.date, dt.date | None]]]

    def overlapping(self, cohort_id: int, first_day: dt.date, ended_on: dt.date | None) -> dt.date | None:
        """The first day of a spell of the cohort that has a day in common with this one; None where there is none."""
        for other_first, other_ended in self.spells.get(cohort_id, ()):
            begins_in_time = ended_on is None or other_first < ended_on
            lasts_long_enough = other_ended is None or first_day < other_ended
            if begins_in_time and lasts_long_enough and first_day != ended_on and other_first != other_ended:
                return other_first
        return None


@dataclass(frozen=True)
class KnownCohort:
    """A cohort, and whose records may name it; None for everybody's."""

    pk: int
    commissioner_ids: frozenset[int] | None


class Register:
    """The register as an import by `user` may use it. Reads of what is the same for every row are done once."""

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def commissioners(self) -> dict[str, Commissioner]:
        """Every body by its code."""
        return Commissioner.objects.bodies().in_bulk(field_name="code")

    @cached_property
    def allowed_ids(self) -> frozenset[int]:
        """The commissioners whose people the user may import."""
        return commissioner_ids(self._user, Permission.IMPORT_REGISTER)

    @cached_property
    def cohorts(self) -> dict[str, KnownCohort]:
        """Every cohort by its code."""
        members: dict[int, set[int]] = defaultdict(set)
        for partnership, member in PartnershipMember.objects.values_list("partnership_id", "member_id"):
            members[partnership].add(member)
        return {
            cohort.code: KnownCohort(
                cohort.pk,
                None
                if cohort.local_offer is None
                else frozenset({cohort.local_offer.commissioner_id, *members[cohort.local_offer.commissioner_id]}),
            )
            for cohort in Cohort.objects.select_related("local_offer")
        }

    def people(
        self, numbers: Iterable[str], born: Iterable[dt.date]
    ) -> tuple[dict[str, KnownPerson], dict[Identity, list[KnownPerson]]]:
        """People by NHS number, also one on a record that was merged; and by identity, those born on these days.

        Of the latter only those whom the user may import. In three reads, however many.
        """
        columns = ("pk", "merged_into_id", "nhs_number", "family_name", "given_name", "born_on", "commissioner_id")
        numbered = Person.objects.filter(among("nhs_number", numbers, TextField()))
        rows = list(numbered.order_by().values(*columns, "died_on"))
        kept = Person.objects.in_bulk([row["merged_into_id"] for row in rows if row["merged_into_id"]])
        namesakes = Person.objects.current().filter(
            among("born_on", set(born), DateField()), commissioner__in=self.allowed_ids
        )
        named = list(namesakes.order_by().values(*columns, "died_on"))
        found: dict[int, KnownPerson] = {}
        for row in [*rows, *named]:
            if row["merged_into_id"] is None:
                found[row["pk"]] = _known(row)
        for person in kept.values():
            found[person.pk] = _known({column: getattr(person, column) for column in (*columns, "died_on")})
        by_number = {row["nhs_number"]: found[row["merged_into_id"] or row["pk"]] for row in rows}
        by_identity: dict[Identity, list[KnownPerson]] = defaultdict(list)
        for row in named:
            by_identity[found[row["pk"]].identity].append(found[row["pk"]])
        self._add_spells(found)
        return by_number, by_identity

    @staticmethod
    def _add_spells(people: dict[int, KnownPerson]) -> None:
        spells = PersonalHealthBudget.objects.filter(among("person_id", people)).order_by()
        for person, cohort, agreed_on, started_on, ended_on in spells.values_list(
            "person_id", "cohort_id", "agreed_on", "started_on", "ended_on"
        ):
            people[person].spells.setdefault(cohort, []).append((started_on or agreed_on, ended_on))

    @staticmethod
    def fingerprints(asked: Sequence[str]) -> set[str]:
        """Those of rows that were imported before."""
        rows = RegisterImportRow.objects.filter(among("fingerprint", asked, TextField())).order_by()
        return set(rows.values_list("fingerprint", flat=True))


def _known(row: dict[str, Any]) -> KnownPerson:
    return KnownPerson(
        pk=row["pk"],
        nhs_number=row["nhs_number"] or "",
        identity=(row["family_name"].casefold(), row["given_name"].casefold(), row["born_on"]),
        commissioner_id=row["commissioner_id"],
        died_on=row["died_on"],
        spells={},
    )
