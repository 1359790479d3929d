"""What is kept of a commissioner's figures, as files: snapshots, reports, and what was hidden from whom."""

from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from reporting.list_files.figures import READS, exporting, page_of_commissioner
from reporting.list_files.returns import BEHIND
from reporting.presenters import releases as release_words
from reporting.presenters import scheduled_reports as report_words
from reporting.presenters import snapshots as snapshot_words
from reporting.selectors import releases, scheduled_reports, snapshots
from reporting.selectors.scope import counted, may_see_people


def snapshots_list(asked: Asked) -> ListRows | None:
    """The snapshots of a commissioner's figures."""
    if (commissioner := exporting(asked)) is None:
        return None
    sees_people = can(asked.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, commissioner)
    return rows_as_shown(
        snapshots.snapshots_of(commissioner),
        lambda batch: snapshot_words.table(batch, may_see_people=sees_people),
        **_of(commissioner),
    )


def reports_list(asked: Asked) -> ListRows | None:
    """The reports of a commissioner that the user may read."""
    if (commissioner := exporting(asked)) is None:
        return None
    return rows_as_shown(
        scheduled_reports.reports_of(asked.user, commissioner, asked.today),
        lambda batch: table_params(report_words.REPORT_COLUMNS, batch, caption=""),
        **_of(commissioner),
    )


def releases_list(asked: Asked) -> ListRows | None:
    """What readers were shown who may not see people, and how much of it was hidden."""
    commissioner = exporting(asked)
    if commissioner is None or not may_see_people(asked.user, counted(commissioner, asked.today)):
        return None
    names = release_words.names_in(counted(commissioner, asked.today))
    return rows_as_shown(
        releases.releases_of(commissioner),
        lambda batch: release_words.log_table(batch, names),
        **_of(commissioner),
    )


def _of(commissioner: Commissioner) -> dict[str, object]:
    return {
        "in_words": [("Commissioner", f"{commissioner} ({commissioner.code})")],
        "in_codes": {"commissioner": commissioner.code},
        "commissioner": commissioner,
    }


def fill() -> None:
    """Declare them."""
    for code, title, permissions, rows, page in (
        ("snapshots", "Snapshots of figures", READS, snapshots_list, "snapshots"),
        ("reports", "Reports", (Permission.EXPORT_FIGURES,), reports_list, "scheduled-reports"),
        ("disclosure-log", "What was hidden from other readers", BEHIND, releases_list, "disclosure-log"),
    ):
        list_files.add(ListFile(code, title, permissions, rows, page_of_commissioner(page)))
