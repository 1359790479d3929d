"""How this room's things are said on a page: words, dates, the rows of tables and summary lists."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from phb_register.jobs import title_of
from phb_register.models import AccessLogEntry, Job, JobState, Person, Population

JOB_TAGS: dict[str, str] = {
    JobState.QUEUED: "nhsuk-tag--grey",
    JobState.RUNNING: "nhsuk-tag--blue",
    JobState.DONE: "nhsuk-tag--green",
    JobState.FAILED: "nhsuk-tag--red",
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


def summary(rows: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a summary list; an empty value is shown as not recorded."""
    return [{"key": {"text": key}, "value": {"text": str(value) if value else "Not recorded"}} for key, value in rows]


def cells(*texts: Any) -> list[dict[str, str]]:
    """The cells of a table's row, as text."""
    return [{"text": str(text)} for text in texts]


def person_rows(person: Person, today: dt.date) -> list[dict[str, Any]]:
    """A person's details."""
    rows: list[tuple[str, Any]] = [
        ("NHS number", person.display_nhs_number),
        ("Date of birth", f"{spoken_date(person.born_on)} (aged {person.age_on(person.died_on or today)})"),
        ("Sex", person.get_sex_display()),
        ("Ethnic category", person.get_ethnic_category_display()),
        ("Postcode", person.postcode),
        ("GP practice", person.gp_practice),
        ("Letters in", person.get_communication_format_display()),
        ("Responsible commissioner", person.commissioner),
    ]
    if person.died_on:
        rows.insert(2, ("Date of death", spoken_date(person.died_on)))
    return summary(rows)


def representative_rows(person: Person) -> list[dict[str, Any]]:
    """Who acts for a person, newest first, each with the address where that is ended."""
    return [
        {
            "name": each.name,
            "relationship": each.relationship,
            "legal_basis": each.get_legal_basis_display(),
            "evidence": spoken_date(each.evidence_seen_on),
            "from": spoken_date(each.starts_on),
            "until": spoken_date(each.ends_on) if each.ends_on else "",
            "end_url": "" if each.ends_on else reverse("phb_register:end-representative", args=[person.reference, each.pk]),
        }
        for each in person.representatives.all()
    ]


def population_rows(populations: Iterable[Population]) -> list[list[dict[str, str]]]:
    """Counts of the people served."""
    return [
        cells(f"{each.people:,}", each.get_basis_display(), spoken_date(each.counted_on), each.source)
        for each in populations
    ]


def access_log_rows(entries: Iterable[AccessLogEntry]) -> list[list[dict[str, str]]]:
    """Entries of the access log: when, who, what, which record, whose."""
    return [
        cells(
            spoken_moment(each.at),
            each.actor or "The system",
            each.action.replace("-", " ").capitalize(),
            f"{each.subject_type.split('.')[-1]} {each.subject_id}".strip() or each.detail.get("what", "–"),
            each.commissioner or "–",
        )
        for each in entries
    ]


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
        "result_url": job.result_url,
    }
