"""The lists of this room that can be taken as files, each by the filters of its page."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.urls import reverse

from offers.presenters.feedback import feedback_table
from offers.presenters.programme_pages import tool_page
from offers.presenters.programme_worklist import due_table
from offers.programme_tools import TOOLS
from offers.selectors.feedback import feedback_of
from offers.selectors.pages import offer_of
from offers.selectors.programme import due_work, entries
from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.roles import Permission

DONE = "done"


def feedback_list(asked: Asked) -> ListRows:
    """What readers wrote: what waits, or what was dealt with."""
    is_waiting = asked.query.get("show") != DONE
    return rows_as_shown(
        feedback_of(asked.user, is_waiting=is_waiting),
        lambda batch: feedback_table(batch, is_waiting=is_waiting),
        in_words=[("Shown", "What waits" if is_waiting else "What was dealt with")],
        in_codes={"show": "" if is_waiting else DONE},
    )


def due_list(asked: Asked) -> ListRows:
    """What is due in the programmes the user writes."""
    return rows_as_shown(due_work(asked.user, asked.today), lambda batch: due_table(batch, asked.today))


def programme_list(asked: Asked) -> ListRows | None:
    """The entries of one tool of an offer's programme, both named by the address."""
    offer = offer_of(asked.user, Permission.VIEW_OFFERS, asked.query.get("offer", ""))
    tool = TOOLS.get(asked.query.get("tool", ""))
    if offer is None or tool is None:
        return None
    found = list(entries(offer, tool))
    page = Paginator(found, max(len(found), 1)).page(1)
    shown = tool_page(offer, tool, page, asked.user, today=asked.today, url="")
    table = shown["table"] or shown["compared"] or {"head": [], "rows": []}
    return rows_as_shown(
        table["rows"],
        lambda batch: {"head": table["head"], "rows": batch},
        in_words=[("Local offer", offer.title), ("Part of the programme", tool.title)],
        in_codes={"offer": offer.slug, "tool": str(tool.kind)},
        commissioner=offer.commissioner,
    )


def _programme_page(query: Mapping[str, str]) -> str:
    return reverse("offers:your-offers")


def fill() -> None:
    """Declare the lists."""
    writes = (Permission.WRITE_OFFERS,)
    list_files.add(ListFile("feedback", "Feedback from readers", writes, feedback_list, _feedback_page))
    list_files.add(ListFile("programme-due", "Due in the programme", writes, due_list, _due_page))
    reads = (Permission.VIEW_OFFERS,)
    list_files.add(ListFile("programme", "Programme of a local offer", reads, programme_list, _programme_page))


def _feedback_page(query: Mapping[str, str]) -> str:
    address = reverse("offers:feedback-received")
    return f"{address}?show={DONE}" if query.get("show") == DONE else address


def _due_page(query: Mapping[str, str]) -> str:
    return reverse("offers:programme-due")
