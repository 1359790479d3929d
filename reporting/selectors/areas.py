"""In which area people live, by the tables of areas in force on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from phb_register.models import Commissioner, CommissionerKind, PartnershipMember, Person
from phb_register.spreadsheets import Table, TableRefused
from reporting.models import AreaImport, AreaTable, PostcodeArea, PracticeArea
from reporting.rules.area_rows import COLUMNS, Area, read_row
from reporting.rules.equity_groups import NO_PLACE

#: Places shown of an import.
MOST_PREVIEWED = 50


@dataclass(frozen=True)
class Areas:
    """The tables that places are looked up in; None where nobody imported one that was in force."""

    deprivation: AreaTable | None = None
    localities: AreaTable | None = None
    practices: AreaTable | None = None


def areas_for(commissioner: Commissioner, on: dt.date) -> Areas:
    """The tables for a commissioner on a day: its own, else those of a partnership it is in, else England's.

    Each of the three is looked for by itself, since a table may say one thing and not another.
    """
    partnerships = PartnershipMember.objects.on(on).filter(member=commissioner).values("partnership_id")
    tables = AreaTable.objects.in_force(on).filter(commissioner__in=[commissioner.pk])
    tables |= AreaTable.objects.in_force(on).filter(commissioner__in=partnerships)
    tables |= AreaTable.objects.in_force(on).filter(commissioner__kind=CommissionerKind.NATION)
    near_first = sorted(tables.select_related("commissioner"), key=lambda table: _distance(table, commissioner))
    return Areas(
        deprivation=next((table for table in near_first if table.has_deprivation), None),
        localities=next((table for table in near_first if table.has_localities), None),
        practices=next((table for table in near_first if table.practices), None),
    )


def _distance(table: AreaTable, commissioner: Commissioner) -> int:
    """Sorting keeps the newest first among those equally near."""
    if table.commissioner_id == commissioner.pk:
        return 0
    return 2 if table.commissioner.is_nation else 1


def with_places(people: QuerySet[Person], areas: Areas) -> QuerySet[Person]:
    """The same people with `deprivation` and `locality`, group codes; not known where no table says.

    The locality is that of the postcode, else that of the GP practice.
    """
    return people.annotate(
        deprivation=_or_not_known(_by_postcode(areas.deprivation, "quintile")),
        locality=_or_not_known(_by_postcode(areas.localities, "locality"), _by_practice(areas.practices)),
    )


def _by_postcode(table: AreaTable | None, field: str) -> Subquery | None:
    if table is None:
        return None
    rows = PostcodeArea.objects.filter(table_id=table.pk, postcode=OuterRef("postcode"))
    return Subquery(rows.values(field)[:1])


def _by_practice(table: AreaTable | None) -> Subquery | None:
    if table is None:
        return None
    rows = PracticeArea.objects.filter(table_id=table.pk, gp_practice=OuterRef("gp_practice"))
    return Subquery(rows.values("locality")[:1])


def _or_not_known(*found: Subquery | None) -> Coalesce:
    told = [NullIf(Cast(each, CharField()), Value("")) for each in found if each is not None]
    # A value twice where no table is in force: Coalesce takes two at least.
    return Coalesce(*told, *[Value(NO_PLACE)] * (1 if told else 2), output_field=CharField())


def tables_of(commissioner: Commissioner) -> QuerySet[AreaTable]:
    """The tables a commissioner imported itself, the newest first."""
    return AreaTable.objects.filter(commissioner=commissioner).select_related("imported_by")


@dataclass(frozen=True)
class PlaceFound:
    """What a file says of a postcode or a GP practice, and what the table says that it follows."""

    place: str
    before: Area | None
    after: Area


def places_of(area_import: AreaImport) -> list[PlaceFound]:
    """The first places of an import: of its file or, once that is gone, of the table that came of it."""
    made = AreaTable.objects.filter(area_import=area_import).first()
    earlier = AreaTable.objects.in_force(area_import.applies_from).filter(commissioner=area_import.commissioner_id)
    if made is not None:
        said = _areas_in(made)
        earlier = earlier.filter(pk__lt=made.pk)
    else:
        said = _areas_of_file(area_import)
    followed = earlier.first()
    before = _areas_in(followed, said) if followed else {}
    return [PlaceFound(place, before.get(place), area) for place, area in said.items()]


def _areas_in(table: AreaTable, places: Iterable[str] | None = None) -> dict[str, Area]:
    """What a table says of places, or of its first."""
    postcodes = table.postcode_areas.order_by("postcode")
    practices = table.practice_areas.order_by("gp_practice")
    if places is not None:
        postcodes, practices = postcodes.filter(postcode__in=places), practices.filter(gp_practice__in=places)
    found: dict[str, Area] = {
        postcode: (quintile, locality)
        for postcode, quintile, locality in postcodes.values_list("postcode", "quintile", "locality")[:MOST_PREVIEWED]
    }
    for practice, locality in practices.values_list("gp_practice", "locality")[: MOST_PREVIEWED - len(found)]:
        found[practice] = (None, locality)
    return found


def _areas_of_file(area_import: AreaImport) -> dict[str, Area]:
    """What the first rows of a file that waits say."""
    file = getattr(area_import, "file", None)
    if file is None:
        return {}
    found: dict[str, Area] = {}
    try:
        table = Table(bytes(file.content), area_import.filename)
        at = COLUMNS.places(area_import.columns, table.header)
        for each in islice(table.rows(), MOST_PREVIEWED):
            row, _ = read_row(each.number, {column: each.cells[place] for column, place in at.items()})
            if row is not None:
                found.setdefault(row.place, row.area)
    except TableRefused:  # the check has said so
        return {}
    return found
