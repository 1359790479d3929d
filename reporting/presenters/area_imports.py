"""How an import of a table of areas is said, on its pages and at the console."""

from collections.abc import Sequence
from typing import Any

from phb_register.file_import_presenters import ImportWords
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params
from reporting.models import AreaImport
from reporting.rules.area_rows import COLUMNS
from reporting.rules.equity_groups import DEPRIVATION_GROUPS
from reporting.selectors.areas import MOST_PREVIEWED, PlaceFound


def _facts(area_import: AreaImport) -> list[tuple[str, str]]:
    return [("Apply from", spoken_date(area_import.applies_from)), ("Source", area_import.source)]


WORDS = ImportWords(
    columns=COLUMNS,
    page="reporting:area-import",
    list_page="reporting:area-imports",
    upload_page="reporting:upload-areas",
    template_page="reporting:area-import-template",
    template_filename="areas.csv",
    title="Import tables of areas",
    introduction="How deprived a postcode is, and in which locality it or a GP practice is, comes from a table.",
    upload_title="Upload a table of areas",
    upload_introduction="One row is one postcode or one GP practice.",
    columns_note=(
        "Deprivation is given by fifths or by tenths of England, 1 the most deprived. A GP practice has a locality "
        "only: it is that of people whose postcode says nothing. A place that is in no table is not known."
    ),
    whose="Whose areas",
    import_heading="Import the table",
    importing="The table is being imported",
    undo_words=(
        "The table is withdrawn: places are looked up in the one before it again. What was worked out “as known on” a "
        "day while it stood stays as it was."
    ),
    counted=(
        ("rows", "row in the file", "rows in the file"),
        ("faulty_rows", "row to put right", "rows to put right"),
        (
            "already_there",
            "row that is there already, from the same day",
            "rows that are there already, from the same day",
        ),
        ("empty", "row that says nothing and is left out", "rows that say nothing and are left out"),
        ("postcodes", "postcode with an area", "postcodes with an area"),
        ("practices", "GP practice with a locality", "GP practices with a locality"),
    ),
    back=("reporting:targets-choice", "Targets and eligible people"),
    further_facts=_facts,
)


def places_table(places: Sequence[PlaceFound]) -> dict[str, Any] | None:
    """What a file says of its first places, beside what the table says that it follows."""
    if not places:
        return None
    columns: list[Column[PlaceFound]] = [
        Column("Postcode or GP practice", lambda each: each.place),
        Column("Deprivation before", lambda each: _fifth(each.before)),
        Column("Deprivation", lambda each: _fifth(each.after)),
        Column("Locality before", lambda each: each.before[1] if each.before else ""),
        Column("Locality", lambda each: each.after[1]),
    ]
    first = f" (the first {MOST_PREVIEWED} rows)" if len(places) == MOST_PREVIEWED else ""
    return table_params(columns, places, caption=f"What the file says of places{first}")


def _fifth(area: tuple[int | None, str] | None) -> str:
    return DEPRIVATION_GROUPS[str(area[0])] if area and area[0] is not None else ""
