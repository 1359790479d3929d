"""How two records and their merging are said on a page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from phb_register.merge_states import LABELS, MergeStatus
from phb_register.models import Person, PersonMerge
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, spoken_moment
from phb_register.selectors.merges import Hanging
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

STATUS_TAGS: dict[str, str] = {
    MergeStatus.PROPOSED: "nhsuk-tag--blue",
    MergeStatus.DECLINED: "nhsuk-tag--grey",
    MergeStatus.MERGED: "nhsuk-tag--green",
    MergeStatus.REVERSAL_ASKED: "nhsuk-tag--orange",
    MergeStatus.REVERSED: "nhsuk-tag--grey",
}


def merge_url(merge: PersonMerge) -> str:
    """The merge's own page."""
    return reverse("phb_register:merge", args=[merge.reference])


def _facts(person: Person) -> list[tuple[str, Any]]:
    return [
        ("Family name", person.family_name),
        ("Given name", person.given_name),
        ("NHS number", person.display_nhs_number),
        ("Date of birth", spoken_date(person.born_on)),
        ("Date of death", spoken_date(person.died_on) if person.died_on else "Not recorded"),
        ("Sex", person.get_sex_display()),
        ("Ethnic category", person.get_ethnic_category_display()),
        ("Postcode", person.postcode or "Not recorded"),
        ("GP practice", person.gp_practice or "Not recorded"),
        ("Letters in", person.get_communication_format_display()),
        ("Commissioner", str(person.commissioner)),
    ]


def side_by_side(first: Person, second: Person, headings: tuple[str, str]) -> dict[str, Any]:
    """The parameters of the table of two records, with a tag where they differ."""
    columns: list[Column[tuple[str, str, str]]] = [
        Column("Detail", lambda row: row[0]),
        Column(headings[0], lambda row: row[1]),
        Column(headings[1], lambda row: row[2]),
        Column("Compared", lambda row: _difference(row[1], row[2])),
    ]
    rows = [(label, one, other) for (label, one), (_, other) in zip(_facts(first), _facts(second), strict=True)]
    return table_params(columns, rows, caption="The two records", is_responsive=True)


def _difference(one: str, other: str) -> str:
    if one == other:
        return "Same"
    return render_component("tag", {"text": "Different", "classes": "nhsuk-tag--yellow"})


def hanging_table(hanging: Iterable[Hanging], headings: tuple[str, str]) -> dict[str, Any]:
    """The parameters of the table of what hangs on each of two records."""
    columns: list[Column[Hanging]] = [
        Column("What", lambda each: each.title),
        Column(headings[0], lambda each: each.on_kept, is_number=True),
        Column(headings[1], lambda each: each.on_merged, is_number=True),
    ]
    return table_params(columns, hanging, caption="What hangs on each record", is_responsive=True)


MERGE_COLUMNS: list[Column[PersonMerge]] = [
    Column("Record to keep", lambda each: each.kept.display_line, link=merge_url),
    Column("Record merged into it", lambda each: each.merged.display_line),
    Column(
        "Status",
        lambda each: render_component("tag", {"text": each.get_status_display(), "classes": STATUS_TAGS[each.status]}),
    ),
    Column("Proposed", lambda each: f"{spoken_date(timezone.localdate(each.proposed_at))}, by {each.proposed_by}"),
]


def merge_history(merge: PersonMerge) -> list[dict[str, str]]:
    """What happened to a merge, the oldest first."""
    return [
        {
            "what": LABELS[step.action],
            "when": spoken_moment(step.recorded_at),
            "who": str(step.made_by),
            "note": step.note,
        }
        for step in merge.transitions.select_related("made_by")
    ]


def merge_item(merge: PersonMerge) -> WorkItem:
    """A merge that waits for a review, on the home page."""
    if merge.status == MergeStatus.REVERSAL_ASKED:
        text = f"Review the reversal of the merge of {merge.merged.display_name}"
        why = f"{merge.reversal_asked_by} asked for it, and somebody else has to look"
    else:
        text = f"Review the merge of two records of {merge.kept.display_name}"
        proposed = spoken_date(timezone.localdate(merge.proposed_at))
        why = f"{merge.proposed_by} proposed it on {proposed}, and somebody else has to look"
    return WorkItem(text=text, url=merge_url(merge), why=why)
