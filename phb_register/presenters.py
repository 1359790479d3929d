"""How this room's things are said on a page: words, dates, the rows of tables and summary lists."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from phb_register.jobs import is_cancellable, subject_url, title_of
from phb_register.models import (
    AccessLogEntry,
    Commissioner,
    Job,
    JobState,
    Membership,
    Person,
    Population,
    Representative,
    SavedFilter,
)
from phb_register.selectors.timeline import Happened
from phb_register.tables import Column

JOB_TAGS: dict[str, str] = {
    JobState.QUEUED: "nhsuk-tag--grey",
    JobState.RUNNING: "nhsuk-tag--blue",
    JobState.DONE: "nhsuk-tag--green",
    JobState.FAILED: "nhsuk-tag--red",
    JobState.CANCELLED: "nhsuk-tag--grey",
}


def spoken_date(day: dt.date | None) -> str:
    """A date as the NHS writes it: ``7 February 2017``; a dash for none."""
    return f"{day.day} {day:%B %Y}" if day else "–"


def spoken_moment(moment: dt.datetime) -> str:
    """A moment in English time: ``7 February 2017 at 2:05pm``."""
    local = timezone.localtime(moment)
    hour = local.hour % 12 or 12
    return f"{spoken_date(local.date())} at {hour}:{local:%M}{'pm' if local.hour >= 12 else 'am'}"


def counted(number: int, one: str, many: str) -> str:
    """A number with its word: ``1 person``, ``1,011 people``."""
    return f"{number:,} {one if number == 1 else many}"


def between(low: Any, high: Any) -> str:
    """A range of numbers in words, or the number where both ends are the same: ``2,000 to 3,000``."""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def mid_sentence(words: str) -> str:
    """Words that begin a sentence as they stand inside one; an abbreviation keeps its capitals: ``CHC uptake``."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def summary(rows: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a summary list; an empty value is shown as not recorded."""
    return [{"key": {"text": key}, "value": {"text": str(value) if value else "Not recorded"}} for key, value in rows]


def file_head(
    title: str, words: Iterable[tuple[str, str]], *, searched: str, made_at: dt.datetime, made_by: object
) -> list[list[str]]:
    """What stands at the head of a list's file: what it is, its filters, when and by whom it was made."""
    lines = [[title], *([label, value] for label, value in words)]
    if searched:
        lines.append(["Name or NHS number", searched])
    return [*lines, ["Made", f"{made_at:%Y-%m-%dT%H:%M:%S%z}", str(made_by)]]


def person_rows(person: Person, today: dt.date, accountable: Commissioner | None = None) -> list[dict[str, Any]]:
    """A person's details. ``accountable`` is who answers today for the person's commissioner, where that closed."""
    commissioner = str(accountable or person.commissioner)
    if accountable is not None and accountable != person.commissioner:
        commissioner += f" (until {spoken_date(person.commissioner.closed_on)}: {person.commissioner})"
    rows: list[tuple[str, Any]] = [
        ("NHS number", person.display_nhs_number),
        ("Date of birth", f"{spoken_date(person.born_on)} (aged {person.age_on(person.died_on or today)})"),
        ("Sex", person.get_sex_display()),
        ("Ethnic category", person.get_ethnic_category_display()),
        ("Postcode", person.postcode),
        ("GP practice", person.gp_practice),
        ("Letters in", person.get_communication_format_display()),
        ("Responsible commissioner", commissioner),
    ]
    if person.died_on:
        rows.insert(2, ("Date of death", spoken_date(person.died_on)))
    return summary(rows)


def merged_note(merged: Person) -> str:
    """Said where an address of a merged record leads to the one that is kept."""
    return f"The record you asked for ({merged.display_line}) was merged into this one, with all that hung on it"


def person_url(person: Person) -> str:
    """The address of a person's page."""
    return reverse("phb_register:person", args=[person.reference])


def timeline_entries(happened: Iterable[Happened]) -> list[dict[str, str]]:
    """What happened, each with its day, its words, who did it, and under which merged record it was entered."""
    return [
        {
            "on": spoken_date(each.event.on),
            "title": each.event.title,
            "text": each.event.text,
            "by": each.event.by,
            "url": each.event.url,
            "under": each.under.display_line if each.under else "",
        }
        for each in happened
    ]


def timeline_years(happened: Iterable[Happened]) -> list[tuple[int, list[dict[str, str]]]]:
    """The same, year by year, in the order given."""
    return [(year, timeline_entries(each)) for year, each in groupby(happened, key=lambda each: each.event.on.year)]


def saved_filter_link(saved: SavedFilter, list_url: str) -> dict[str, Any]:
    """Saved filters on their list's page: how to use them, and the words of the button that deletes them."""
    return {
        "name": saved.name,
        "url": f"{list_url}?{saved.query}",
        "pk": saved.pk,
        "delete_words": format_html('Delete<span class="nhsuk-u-visually-hidden"> {}</span>', saved.name),
    }


PEOPLE_COLUMNS: list[Column[Person]] = [
    Column(
        "Name",
        lambda each: each.display_name,
        link=person_url,
    ),
    Column("NHS number", lambda each: each.display_nhs_number),
    Column("Date of birth", lambda each: spoken_date(each.born_on)),
    Column("Commissioner", lambda each: each.commissioner),
]

REPRESENTATIVE_COLUMNS: list[Column[Representative]] = [
    Column("Name", lambda each: each.name),
    Column("Relationship", lambda each: each.relationship),
    Column("Legal basis", lambda each: each.get_legal_basis_display()),
    Column("Evidence seen", lambda each: spoken_date(each.evidence_seen_on)),
    Column("Acts from", lambda each: spoken_date(each.starts_on)),
    Column("Until", lambda each: spoken_date(each.ends_on) if each.ends_on else "Still acts"),
]

END_COLUMN: Column[Representative] = Column(
    "Change",
    lambda each: (
        format_html('End<span class="nhsuk-u-visually-hidden"> for {}</span>', each.name) if not each.ends_on else ""
    ),
    link=lambda each: (
        None if each.ends_on else reverse("phb_register:end-representative", args=[each.person.reference, each.pk])
    ),
)

POPULATION_COLUMNS: list[Column[Population]] = [
    Column("Counted on", lambda each: spoken_date(each.counted_on)),
    Column("People", lambda each: f"{each.people:,}", is_number=True),
    Column("Basis", lambda each: each.get_basis_display()),
    Column("Source", lambda each: each.source),
]

MEMBERSHIP_COLUMNS: list[Column[Membership]] = [
    Column("User", lambda each: each.user.full_name),
    Column("E-mail address", lambda each: each.user.email),
    Column("Role", lambda each: each.get_role_display()),
    Column("For", lambda each: each.commissioner),
    Column("From", lambda each: spoken_date(each.starts_on)),
    Column("Until", lambda each: spoken_date(each.ends_on) if each.ends_on else ""),
    Column(
        "Change",
        lambda each: (
            ""
            if each.ends_on
            else format_html(
                'Take away<span class="nhsuk-u-visually-hidden"> {} from {}</span>',
                each.get_role_display(),
                each.user.full_name,
            )
        ),
        link=lambda each: None if each.ends_on else reverse("phb_register:end-membership", args=[each.pk]),
    ),
]

ACCESS_LOG_COLUMNS: list[Column[AccessLogEntry]] = [
    Column("When", lambda each: spoken_moment(each.at)),
    Column("Who", lambda each: each.actor or "The system"),
    Column("What", lambda each: each.action.replace("-", " ").capitalize()),
    Column("Record", lambda each: subject_of(each)),
    Column("Commissioner", lambda each: each.commissioner or ""),
]


def subject_of(entry: AccessLogEntry) -> str:
    """Which record an entry is about, or what was exported."""
    if not entry.subject_type:
        return str(entry.detail.get("what", ""))
    kind = str(apps.get_model(entry.subject_type)._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]} {entry.subject_id}"


def page_links(page: Page[Any], address: str) -> dict[str, Any]:
    """The parameters of the pagination component; ``address`` keeps its filters."""
    path, _, query = address.partition("?")

    def link(number: int) -> str:
        parameters = QueryDict(query, mutable=True)
        parameters["page"] = str(number)
        return f"{path}?{parameters.urlencode()}"

    params: dict[str, Any] = {}
    if page.has_previous():
        params["previous"] = {"href": link(page.previous_page_number())}
    if page.has_next():
        params["next"] = {"href": link(page.next_page_number())}
    params["items"] = [
        {"number": number, "href": link(number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return params


def job_progress(job: Job) -> dict[str, Any]:
    """What a job's page says."""
    return {
        "title": title_of(job),
        "state": job.get_state_display(),
        "tag": JOB_TAGS[job.state],
        "percent": round(100 * job.done / job.total) if job.total else None,
        "steps": f"{job.done:,} of {job.total:,}" if job.total else "",
        "error": job.error,
        "is_finished": job.is_finished,
        "has_failed": job.state == JobState.FAILED,
        "is_cancelled": job.state == JobState.CANCELLED,
        "result_url": job.result_url if job.state == JobState.DONE else "",
        "about_url": subject_url(job) if job.state != JobState.DONE else "",
        "may_cancel": is_cancellable(job) and not job.is_finished and not job.is_cancel_asked,
        "is_stopping": job.is_cancel_asked and not job.is_finished,
    }
