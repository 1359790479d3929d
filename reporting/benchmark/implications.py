"""What it costs to try a version of a rule set on everybody: the whole job, beside SQL that counts by one criterion.

The SQL does the least that any way must do for the simplest version there is, one criterion that gives a right: it
reads everybody's latest facts, and counts by commissioner who meets it and has no right yet. The job screens by all
rules, lists the people, costs them and writes the result; for the simple version it must count the same people.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from eligibility.models import ResourceImplications, RuleSet, RuleSetVersion
from eligibility.rules.implications_result import Result
from eligibility.rules.resource_implications import Change
from eligibility.selectors.resource_implications import default_period
from eligibility.services.resource_implications import ask_for_resource_implications
from offers.models import Cohort
from phb_register import clock, jobs
from phb_register.models import Commissioner, User
from phb_register.models.commissioners import counted_ids
from reporting.benchmark.population import invent_people
from reporting.benchmark.timing import rows_of
from reporting.benchmark.worker import megabytes

SIMPLE = {"fact": "long_term_condition", "equals": True}

# The rights of the law as they stand, in SQL by hand; nothing else outweighs a right.
BY_HAND = """
    SELECT commissioner_id, count(*) FROM (
        SELECT DISTINCT ON (person.id) person.commissioner_id, screening.facts,
            age(%(today)s::date, person.born_on) >= interval '18 years' AS is_adult
        FROM phb_register_person person
        JOIN eligibility_referral referral
            ON referral.person_id = person.id AND referral.commissioner_id = ANY(%(ids)s)
        JOIN eligibility_screening screening ON screening.referral_id = referral.id
        WHERE person.commissioner_id = ANY(%(ids)s) AND person.merged_into_id IS NULL
            AND (person.died_on IS NULL OR person.died_on > %(today)s)
            AND screening.assessed_on <= %(today)s
        ORDER BY person.id, screening.assessed_on DESC, screening.id DESC
    ) AS latest
    WHERE facts @> '{"long_term_condition": true}'
        AND NOT (
            is_adult AND (facts @> '{"chc": "eligible"}' OR facts @> '{"chc_fast_track": true}')
            OR NOT is_adult AND facts @> '{"continuing_care": "eligible"}'
            OR facts @> '{"s117_aftercare": true}'
            OR facts @> '{"wheelchair_need": "long_term"}'
        )
    GROUP BY commissioner_id
"""


@dataclass(frozen=True)
class TrialCost:
    """Seconds of a whole job, of SQL by hand for the same people where there is any, and memory in megabytes."""

    name: str
    people: int
    changed: int
    seconds: float
    sql_seconds: float | None
    before: float
    peak: float

    @property
    def ratio(self) -> float | None:
        """How many times its SQL the job takes."""
        return self.seconds / self.sql_seconds if self.sql_seconds else None


def trial_costs(commissioner: Commissioner, user: User, people: int) -> tuple[float, list[TrialCost]]:
    """Seconds it took to invent the people, and what it costs to try two versions on them and on who is there.

    One changes a reading of the children's criteria, as the papers discuss; the other is the simple one. Everything
    is rolled back.
    """
    today = clock.today()
    with transaction.atomic():
        begun = time.perf_counter()
        invent_people(people, sorted(counted_ids([commissioner.pk], today)))
        invented = time.perf_counter() - begun
        costs = [
            _cost("Another reading for children (para 22)", _another_reading(commissioner), commissioner, user),
            _cost("One criterion that gives a right", _simple(), commissioner, user, by_hand=True),
        ]
        transaction.set_rollback(True)
    return invented, costs


def _cost(
    name: str, version: RuleSetVersion, commissioner: Commissioner, user: User, *, by_hand: bool = False
) -> TrialCost:
    today = clock.today()
    period = default_period(today)
    asked = ask_for_resource_implications(
        version=version,
        commissioner=commissioner,
        by=user,
        as_at=today,
        period_from=period.start,
        period_to=period.end,
    )
    with peak_memory() as memory:
        begun = time.perf_counter()
        jobs.run(asked.job_id)
        # What a commit would do: the checks that wait for the end of the transaction.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        seconds = time.perf_counter() - begun
    run = ResourceImplications.objects.select_related("job").get(pk=asked.pk)
    if run.result is None:
        raise CommandError(f"{name}: the job did not finish. {run.job.error}")
    result = Result.from_dict(run.result)
    sql_seconds = _by_hand(commissioner, today, result) if by_hand else None
    changed = sum(result.total(change) for change in Change)
    return TrialCost(name, result.people, changed, seconds, sql_seconds, memory[0], memory[1])


def _by_hand(commissioner: Commissioner, today: dt.date, result: Result) -> float:
    """Seconds of the SQL. Raises `CommandError` where it counts other people than the job."""
    begun = time.perf_counter()
    rows = rows_of(BY_HAND, {"ids": sorted(counted_ids([commissioner.pk], today)), "today": today})
    seconds = time.perf_counter() - begun
    by_job = result.total(Change.COMES_IN) + result.total(Change.STRONGER)
    by_sql = sum(number for _, number in rows)
    if by_job != by_sql:
        raise CommandError(f"The job counts {by_job:,} people, the SQL by hand {by_sql:,}: one of them is wrong")
    return seconds


def _another_reading(commissioner: Commissioner) -> RuleSetVersion:
    """The next version of the children's criteria, with the widest reading chosen."""
    held = RuleSetVersion.objects.filter(rule_set__code="llr-ld-autism-child").order_by("-number").first()
    if held is None or held.rule_set.commissioner_id != commissioner.pk:
        raise CommandError(f"{commissioner} has no criteria for children to try another reading of")
    content: dict[str, Any] = {**held.content, "chosen": "R3"}
    return _draft(held.rule_set, held.number + 1, content, outcome=held.outcome, status=held.status)


def _simple() -> RuleSetVersion:
    """A national rule set of one criterion, so that no local offer comes into it."""
    cohort = Cohort.objects.get(code="long-term-condition")
    rule_set = RuleSet.objects.create(code="bench-one-criterion", title="One criterion", cohort=cohort)
    content = {"says": "They have a right.", "criteria": SIMPLE}
    return _draft(rule_set, 1, content, outcome="right_to_have", status="in_force")


def _draft(rule_set: RuleSet, number: int, content: dict[str, Any], *, outcome: str, status: str) -> RuleSetVersion:
    return RuleSetVersion.objects.create(
        rule_set=rule_set,
        number=number,
        effective_from=clock.today(),
        status=status,
        outcome=outcome,
        source="For measuring",
        content=content,
        change_note="For measuring",
        prepared_by=User.objects.order_by("pk").first(),
    )


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """Resident megabytes of this process, before and at the peak, once the block has ended."""
    process = Path("/proc/self")
    found: list[float] = []
    # Lets the kernel forget the highest so far (see proc(5), clear_refs).
    (process / "clear_refs").write_text("5")
    before = megabytes(int(process.readlink().name), "VmRSS")
    yield found
    found += [before, megabytes(int(process.readlink().name), "VmHWM")]
