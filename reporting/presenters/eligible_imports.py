"""How an import of numbers of eligible people is said, on its pages and at the console."""

from collections.abc import Sequence
from typing import Any

from phb_register.file_import_presenters import ImportWords
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params
from reporting.models import Setting
from reporting.rules.eligible_rows import COLUMNS
from reporting.rules.equity_groups import Characteristic, group_label
from reporting.selectors.eligible_imports import MOST_PREVIEWED, Change

WORDS = ImportWords(
    columns=COLUMNS,
    page="reporting:eligible-import",
    list_page="reporting:eligible-imports",
    upload_page="reporting:upload-eligible-people",
    template_page="reporting:eligible-import-template",
    template_filename="eligible-people.csv",
    title="Import numbers of eligible people",
    introduction="How many people are eligible, which uptake is measured against, can come from a spreadsheet.",
    upload_title="Upload numbers of eligible people",
    upload_introduction="One row is one count: a commissioner, a cohort, where they live and a date.",
    columns_note=(
        "Dates are written 2026-09-30 or 30/9/2026. Without a setting, people in the community are counted. A row with "
        "a characteristic and a group counts that group: of those eligible in the cohort or, without a cohort, of the "
        "whole population."
    ),
    whose="Who keeps these numbers",
    import_heading="Import the numbers",
    importing="The numbers are being imported",
    undo_words="New counts are taken out and changed ones are put back, as long as nobody has changed them since.",
    counted=(
        ("rows", "row in the file", "rows in the file"),
        ("faulty_rows", "row to put right", "rows to put right"),
        ("already_there", "row that says what is there already", "rows that say what is there already"),
        ("counts_new", "new count", "new counts"),
        ("counts_changed", "count with another number or source", "counts with another number or source"),
    ),
    back=("reporting:targets-choice", "Targets and eligible people"),
)


def changes_table(changes: Sequence[Change], *, is_imported: bool) -> dict[str, Any] | None:
    """What rows wrote, or would write: from what to what."""
    if not changes:
        return None
    columns: list[Column[Change]] = [
        Column("Row", lambda each: each.number, is_number=True),
        Column("Commissioner", lambda each: each.of["commissioner"]),
        Column("Who is counted", _who),
        Column("Counted on", lambda each: spoken_date(each.of["counted_on"])),
        Column("People before", lambda each: _people(each.before), is_number=True),
        Column("People", lambda each: _people(each.after), is_number=True),
        Column("Source", lambda each: each.after["source"]),
    ]
    first = f" (the first {MOST_PREVIEWED} rows)" if len(changes) == MOST_PREVIEWED else ""
    caption = f"What was written{first}" if is_imported else f"What would be written{first}"
    return table_params(columns, changes, caption=caption, is_first_column_heading=False)


def _who(each: Change) -> str:
    of = each.of
    parts = [of["cohort"] or "Whole population"]
    if of["setting"]:
        parts.append(Setting(of["setting"]).label.lower())
    if of["characteristic"]:
        label = Characteristic(of["characteristic"]).label.lower()
        parts.append(f"{label}: {group_label(of['characteristic'], of['group'])}")
    return ", ".join(parts)


def _people(said: dict[str, Any] | None) -> str:
    if said is None:
        return "None"
    fast_track = said.get("fast_track_people")
    of_them = f", {fast_track:,} fast track" if fast_track else ""
    return f"{said['people']:,}{of_them}"
