"""The lists of this room that can be taken as files, each by the filters of its page."""

from django.urls import reverse

from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.roles import Permission
from phb_register.tables import table_params
from reporting.list_files import equity, extract, figures, records, returns
from reporting.list_files.pathway import pathway_page, pathway_people_list
from reporting.list_files.people import figure_page, people_behind_list
from reporting.list_files.variation import variation_people_list, variation_people_page
from reporting.presenters.board_packs import PACK_COLUMNS
from reporting.selectors.board_packs import packs_for


def board_packs_list(asked: Asked) -> ListRows:
    """The board packs the user may read."""
    return rows_as_shown(packs_for(asked.user), lambda batch: table_params(PACK_COLUMNS, batch, caption=""))


def fill() -> None:
    """Declare the lists."""
    for each in (figures, returns, records, equity, extract):
        each.fill()
    behind = (Permission.VIEW_PEOPLE_BEHIND_FIGURES, Permission.EXPORT_FIGURES)
    list_files.add(ListFile("people-behind", "People behind a figure", behind, people_behind_list, figure_page))
    list_files.add(
        ListFile("pathway-people", "People on the way to a budget", behind, pathway_people_list, pathway_page)
    )
    list_files.add(
        ListFile("variation-people", "People behind variation", behind, variation_people_list, variation_people_page)
    )
    reads = (Permission.VIEW_BOARD_PACKS,)
    list_files.add(
        ListFile("board-packs", "Board packs", reads, board_packs_list, lambda query: reverse("reporting:board-packs"))
    )
