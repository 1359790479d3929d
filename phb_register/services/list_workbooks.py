"""Writes of workbooks of lists: asked for, made once, taken away a day later."""

import datetime as dt

from django.db import transaction

from phb_register import audit, jobs
from phb_register.models import Commissioner, Job, ListWorkbook, User

JOB_KIND = "write-list-workbook"
#: How long a workbook can be fetched. It holds people's records: it is for carrying away, not for keeping here.
KEPT_FOR = dt.timedelta(days=1)


@transaction.atomic
def ask_for_workbook(*, by: User, list_code: str, query: str, words: str, filename: str, at: dt.datetime) -> Job:
    """Ask for a list as a workbook, and return the job that makes it. What it may hold is looked at when it is made."""
    workbook = ListWorkbook.objects.create(
        requested_by=by, list_code=list_code, query=query, words=words, filename=filename, requested_at=at
    )
    return jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{workbook.reference}",
        parameters={"workbook": workbook.pk},
        requested_by=by,
    )


@transaction.atomic
def keep_workbook(
    *,
    workbook: ListWorkbook,
    content: bytes,
    rows: int,
    codes: dict[str, str],
    commissioner: Commissioner | None,
    at: dt.datetime,
) -> ListWorkbook:
    """Keep what was made, once, and log the export with its number of rows."""
    found = ListWorkbook.objects.select_for_update().get(pk=workbook.pk)
    if found.made_at is not None:
        return found
    found.content, found.rows, found.made_at, found.expires_at = content, rows, at, at + KEPT_FOR
    found.save()
    audit.record_export(
        found.requested_by,
        found.list_code,
        commissioner=commissioner,
        rows=rows,
        filters={**codes, "format": "xlsx"},
    )
    return found


def forget_old_workbooks(*, now: dt.datetime) -> int:
    """Take away the content, and the words searched for, of workbooks whose day is over. Returns how many."""
    return ListWorkbook.objects.filter(content__isnull=False, expires_at__lte=now).update(content=None, words="")
