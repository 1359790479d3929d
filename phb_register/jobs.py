"""Background jobs that survive: a row in PostgreSQL first, a message to Celery second.

``enqueue`` writes the row in the caller's transaction and sends the message on commit. A broker that is down loses
nothing, because beat sends again whatever is unfinished and not being run. Every kind of job is written so that
running it again changes nothing more: a worker may die at any point.

Some kinds can be cancelled. One that waits never starts then; one that runs stops when it next says how far it is, so
a kind that can be cancelled says so between steps that leave nothing half done.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pghistory
from celery import current_app
from django.db import connection, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Job, JobState, User

log = logging.getLogger(__name__)

# A message is sent again when its job was last sent this long ago and nobody holds its lock.
RESEND_AFTER = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 5
# By name, because ``tasks`` imports this module.
RUN_JOB = "phb_register.tasks.run_job"
# Namespace of the advisory locks that say "this job is being run".
LOCK_SPACE = 719_001


@dataclass(frozen=True)
class JobKind:
    """A sort of background work."""

    code: str
    title: str
    run: "Callable[[JobRun], None]"
    is_cancellable: bool = False
    about: Callable[[Job], str] | None = None


class JobRun:
    """A job while it is run: its parameters, and how it says how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters: dict[str, Any] = job.parameters

    def progress(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` steps are done, for whoever watches.

        Raises ``JobCancelled`` where somebody asked it to stop, which no job catches.
        """
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total)
        if is_cancellable(self.job) and Job.objects.filter(pk=self.job.pk, is_cancel_asked=True).exists():
            raise JobCancelled

    def progress_apart(self, done: int, total: int) -> None:
        """Say so from inside a transaction, whose own writes nobody sees before its end: by a connection of its own."""
        apart = connection.copy()
        try:
            with apart.cursor() as cursor:
                cursor.execute(
                    "UPDATE phb_register_job SET done = %s, total = %s WHERE id = %s", [done, total, self.job.pk]
                )
        finally:
            apart.close()

    def result(self, url: str) -> None:
        """Say where the result is to be seen."""
        Job.objects.filter(pk=self.job.pk).update(result_url=url)


class JobCancelled(Exception):
    """Raised in a job between two of its steps, where somebody asked it to stop. No job catches it."""


class JobFailed(Exception):
    """Raised by a job that cannot be done, with a message for whoever asked; it is not tried again by itself."""


_kinds: dict[str, JobKind] = {}


def job_kind(
    code: str, *, title: str, is_cancellable: bool = False, about: Callable[[Job], str] | None = None
) -> Callable[[Callable[[JobRun], None]], Callable[[JobRun], None]]:
    """Register a function as what jobs of the kind ``code`` do. It must be safe to run again at any point.

    One that ``is_cancellable`` may be stopped at each call of ``progress`` too. ``about`` gives the page of what a job
    works on, where somebody goes on from whatever became of it.
    """

    def register(run: Callable[[JobRun], None]) -> Callable[[JobRun], None]:
        _kinds[code] = JobKind(code=code, title=title, run=run, is_cancellable=is_cancellable, about=about)
        return run

    return register


def title_of(job: Job) -> str:
    """What the job does, in words."""
    return _kinds[job.kind].title


def subject_url(job: Job) -> str:
    """The address of what the job works on; "" where its kind has none."""
    found = _kinds[job.kind].about
    return found(job) if found else ""


def is_cancellable(job: Job) -> bool:
    """Whether jobs of its kind can be cancelled."""
    return _kinds[job.kind].is_cancellable


def enqueue(
    *,
    kind: str,
    key: str,
    parameters: dict[str, Any],
    requested_by: User | None,
    commissioner: Commissioner | None = None,
) -> Job:
    """Ask for a job, once: asking again with the same ``key`` gives the same job.

    One that failed or was cancelled is tried again.
    """
    if kind not in _kinds:
        raise LookupError(f"No kind of job is called {kind}")
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "parameters": parameters,
                "requested_by": requested_by,
                "commissioner": commissioner,
            },
        )
        if not is_new:
            Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED]).update(
                state=JobState.QUEUED, finished_at=None, attempts=0, error="", done=0, is_cancel_asked=False
            )
            job.refresh_from_db()
        if job.state == JobState.QUEUED:
            transaction.on_commit(lambda: send(job.pk))
    return job


@transaction.atomic
def cancel(*, job: Job) -> Job:
    """Cancel a job that waits, or ask one that runs to stop: it does so when it next says how far it is.

    Whoever calls this has checked that the user may. Raises ``Refused`` where it is finished or cannot be cancelled.
    """
    found = Job.objects.select_for_update().get(pk=job.pk)
    if not is_cancellable(found):
        raise Refused("This cannot be cancelled once it was asked for. Wait until it is done")
    if found.is_finished:
        raise Refused(f"This is {found.get_state_display().lower()} already. There is nothing left to cancel")
    found.is_cancel_asked = True
    if found.state == JobState.QUEUED:
        found.state, found.finished_at, found.error = JobState.CANCELLED, clock.now(), ""
    found.save(update_fields=["is_cancel_asked", "state", "finished_at", "error"])
    return found


def send(job_id: int) -> None:
    """Send a job to the workers. If the broker does not answer, beat will send it later."""
    Job.objects.filter(pk=job_id).update(sent_at=clock.now())
    try:
        current_app.send_task(RUN_JOB, (job_id,), retry=False)
    except OperationalError:
        log.warning("The broker did not answer; job %s waits for the next round", job_id)


def run(job_id: int) -> None:
    """Run a job to its end, unless it is finished or somebody else is running it. Called by the Celery task."""
    with _only_here(job_id) as is_ours:
        if not is_ours:
            return
        job = Job.objects.get(pk=job_id)
        if job.is_finished or not _take(job):
            return
        try:
            with pghistory.context(job=job.kind, user=job.requested_by_id):
                _kinds[job.kind].run(JobRun(job))
        except JobCancelled:
            _finish(job, JobState.CANCELLED, "")
        except JobFailed as failure:
            _finish(job, JobState.FAILED, str(failure))
        except Exception as fault:
            # Tried again by beat, since the fault may be passing; given up after MAX_ATTEMPTS.
            log.exception("Job %s of kind %s stopped", job.pk, job.kind)
            if job.attempts >= MAX_ATTEMPTS:
                _finish(job, JobState.FAILED, f"Stopped {job.attempts} times. Last reason: {type(fault).__name__}")
            else:
                Job.objects.filter(pk=job.pk).update(
                    state=JobState.QUEUED, error=f"Stopped: {type(fault).__name__}. It will be tried again."
                )
        else:
            _finish(job, JobState.DONE, "")


def resend_lost() -> int:
    """Send again every unfinished job that was sent a while ago and that nobody is running. Returns how many."""
    overdue = clock.now() - RESEND_AFTER
    waiting = Job.objects.unfinished().filter(Q(sent_at__isnull=True) | Q(sent_at__lt=overdue))
    sent = 0
    for job_id in waiting.values_list("pk", flat=True).order_by("pk")[:500]:
        if not _is_running(job_id):
            send(job_id)
            sent += 1
    return sent


def _take(job: Job) -> bool:
    """Mark the job as running, unless it is to be cancelled or given up.

    One found running was left so by a worker that died.
    """
    job.attempts += 1
    waiting = Job.objects.unfinished().filter(pk=job.pk)
    if job.attempts > MAX_ATTEMPTS:
        # Nothing was raised: the process itself ended each time, perhaps for want of memory. It would for ever.
        _finish(job, JobState.FAILED, f"Stopped {MAX_ATTEMPTS} times, and did not say why")
        return False
    if waiting.filter(is_cancel_asked=True).update(state=JobState.CANCELLED, finished_at=clock.now(), error=""):
        return False
    return bool(waiting.update(state=JobState.RUNNING, started_at=clock.now(), attempts=job.attempts))


def _finish(job: Job, state: JobState, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, error=error, finished_at=clock.now())


@contextmanager
def _only_here(job_id: int) -> Iterator[bool]:
    """Hold the job's advisory lock, which PostgreSQL frees when this connection ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, job_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, job_id])


def _is_running(job_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s)",
            [LOCK_SPACE, job_id],
        )
        return bool(cursor.fetchone()[0])
