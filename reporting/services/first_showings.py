"""England's first showing of a date to readers who see no people: where it takes too long for a page, a job does it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique

from phb_register import clock, jobs
from phb_register.models import Commissioner, Job, JobState, User
from reporting.pathway_release import PART as PATHWAY_PART
from reporting.rules.pathway import PeriodKind, last_whole_quarter, period_up_to
from reporting.selectors.pathway import Walked
from reporting.selectors.releases import UPTAKE, is_large, is_released
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services import pathway, releases, variation
from reporting.variation_release import YEAR_PART

JOB_KIND = "reporting.first_showing"
#: One that failed is asked for again by whoever looks so much later.
TRY_AGAIN_AFTER = dt.timedelta(minutes=1)


@unique
class FirstShowing(StrEnum):
    """The pages whose figures a first showing fixes."""

    FIGURES = "dashboard"
    VARIATION = "variation"
    PATHWAY = "pathway"


@dataclass(frozen=True)
class _Showing:
    """What is there once a page was shown, and the steps in which it is fixed for a user."""

    part: str
    as_at: Callable[[dt.date], dt.date]
    steps: tuple[Callable[[User, Counted], object], ...]


def _figures(user: User, scope: Counted) -> None:
    releases.fix_figures(scope, purpose=FirstShowing.FIGURES, to=user)


def _members(user: User, scope: Counted) -> None:
    variation.release_members(user, scope, purpose=FirstShowing.FIGURES)


def _variation(user: User, scope: Counted) -> None:
    variation.release_variation(user, scope, purpose=FirstShowing.VARIATION)


def _pathway(user: User, scope: Counted) -> None:
    asked = Walked(scope, period_up_to(scope.as_at, PeriodKind.QUARTER), clock.today())
    pathway.published(asked, purpose=FirstShowing.FIGURES, to=user)


_SHOWINGS = {
    FirstShowing.FIGURES: _Showing(UPTAKE, lambda as_at: as_at, (_figures, _members)),
    FirstShowing.VARIATION: _Showing(YEAR_PART, lambda as_at: as_at, (_figures, _members, _variation)),
    FirstShowing.PATHWAY: _Showing(PATHWAY_PART, last_whole_quarter, (_pathway,)),
}


def job_to_wait_for(user: User, scope: Counted, page: FirstShowing) -> Job | None:
    """The job that fixes what a page shows, asked for where it is not; None where the page can be shown at once.

    Of all England only, to readers who see no people, and only where the register is large.
    """
    if not scope.commissioner.is_nation or may_see_people(user, scope):
        return None
    showing = _SHOWINGS[page]
    if is_released(scope.commissioner, showing.as_at(scope.as_at), showing.part) or not is_large():
        return None
    job = _job(user, scope, page)
    return None if job.state == JobState.DONE else job


def _job(user: User, scope: Counted, page: FirstShowing) -> Job:
    key = f"{JOB_KIND}:{scope.commissioner.code}:{scope.as_at.isoformat()}:{page}"
    found = Job.objects.filter(key=key, state=JobState.FAILED, finished_at__gt=clock.now() - TRY_AGAIN_AFTER).first()
    return found or jobs.enqueue(
        kind=JOB_KIND,
        key=key,
        parameters={"commissioner": scope.commissioner.pk, "as_at": scope.as_at.isoformat(), "page": page.value},
        requested_by=user,
        commissioner=scope.commissioner,
    )


def fix(run: jobs.JobRun) -> None:
    """Fix what the job's page shows. Run again after it succeeded, it changes nothing."""
    asked = run.parameters
    commissioner = Commissioner.objects.get(pk=asked["commissioner"])
    user = run.job.requested_by
    assert user is not None  # noqa: S101  readers ask for it
    scope = counted(commissioner, dt.date.fromisoformat(asked["as_at"]))
    put_together(user, scope, FirstShowing(asked["page"]), progress=run.progress)


def put_together(
    user: User, scope: Counted, page: FirstShowing, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Fix what a page shows to a user who sees no people, where it is not fixed yet."""
    steps = _SHOWINGS[page].steps
    for done, step in enumerate(steps):
        progress(done, len(steps))
        step(user, scope)
    progress(len(steps), len(steps))
