"""Resource implications: asked for by a person, worked out once by a background job, then kept as they are.

Nothing is written until everything is worked out, and then all of it in one transaction: a worker that is killed
leaves nothing behind but the job, which is run again.
"""

import datetime as dt
import io
import json
from collections.abc import Sequence

from django.db import connection, transaction

from eligibility import policies
from eligibility.models import ResourceImplications, ResourceImplicationsPerson, RuleSetVersion
from eligibility.rules.implications_result import Result
from eligibility.rules.resource_implications import Change
from eligibility.selectors.implied_people import Scope
from eligibility.selectors.resource_implications import already_asked
from offers.models import Cohort
from phb_register import audit, clock, jobs
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.scope import check

from .implied_people import Changed, Progress, Trial

JOB_KIND = "resource-implications"
PORTION = 20_000


@transaction.atomic
def ask_for_resource_implications(
    *,
    version: RuleSetVersion,
    commissioner: Commissioner,
    by: User,
    as_at: dt.date,
    period_from: dt.date,
    period_to: dt.date,
) -> ResourceImplications:
    """Ask what a version would change for a commissioner's people. The same question on the same day is asked once.

    Asking again after the job failed tries it again. Raises ``PermissionDenied``, or ``Refused`` for a version that
    cannot be read, another's version, or dates that cannot be.
    """
    # Held, so that the revision that is noted is the one that is there.
    version = RuleSetVersion.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=version.pk)
    check(by, Permission.WRITE_RULES, commissioner)
    policies.check_trial(version, commissioner, as_at, (period_from, period_to), clock.today())
    scoped = {"commissioner": commissioner, "as_at": as_at, "period_from": period_from, "period_to": period_to}
    question = {"version": version, "revision": version.revision, "asked_on": clock.today(), **scoped}
    existing = already_asked(question)
    key = "-".join(str(getattr(value, "pk", value)) for value in question.values())
    job = jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{key}",
        parameters={"version": version.pk, "revision": version.revision},
        requested_by=by,
        commissioner=commissioner,
    )
    if existing is not None:
        return existing
    implications = ResourceImplications.objects.create(**question, asked_by=by, job=job)
    audit.record(
        actor=by,
        action="ask-resource-implications",
        subject=implications,
        detail={"version": version.pk, "as_at": as_at.isoformat()},
    )
    return implications


def work_out(*, implications: ResourceImplications, progress: Progress) -> None:
    """Try the version on everybody and keep what was found. Worked out already, it changes nothing.

    Raises ``Refused`` where the version was edited since it was asked for.
    """
    version = implications.version
    if implications.is_finished:
        return
    if version.revision != implications.revision:
        raise Refused("The version was changed after this was asked for. Ask for it again")
    scope = Scope(
        commissioner_ids=counted_ids([implications.commissioner_id], implications.as_at),
        as_at=implications.as_at,
        period_from=implications.period_from,
        period_to=implications.period_to,
    )
    trial = Trial(
        version=version.as_rules(),
        commissioner=implications.commissioner,
        scope=scope,
        today=clock.today(),
    )
    result, changed = trial.run(progress)
    _keep(implications, trial.facts_used, result, changed)


@transaction.atomic
def _keep(
    implications: ResourceImplications, facts_used: Sequence[str], result: Result, changed: Sequence[Changed]
) -> None:
    """Write the people and the result together. Whoever comes second finds it done."""
    kept = ResourceImplications.objects.select_for_update().get(pk=implications.pk)
    if kept.is_finished:
        return
    _write_people(kept, changed)
    kept.facts_used = list(facts_used)
    kept.result = result.as_dict()
    kept.finished_at = clock.now()
    kept.save(update_fields=["facts_used", "result", "finished_at"])


def _write_people(implications: ResourceImplications, changed: Sequence[Changed]) -> None:
    """By COPY, then in the order of names, so that the list is read by key in that order."""
    cohorts = dict(Cohort.objects.values_list("code", "pk"))
    table = ResourceImplicationsPerson._meta.db_table
    columns = """person_id, commissioner_id, cohort_id, change, from_outcome, to_outcome, missing, was_referred,
        has_budget, estimated_annual_amount"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE implied ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE false"  # noqa: S608
        )
        for start in range(0, len(changed), PORTION):
            lines = (_line(each, cohorts[each.effect.cohort]) for each in changed[start : start + PORTION])
            cursor.copy_expert("COPY implied FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(
            f"""
            INSERT INTO {table} (implications_id, {columns})
            SELECT %s, {", ".join(f"implied.{column.strip()}" for column in columns.split(","))}
            FROM implied JOIN phb_register_person person ON person.id = implied.person_id
            ORDER BY person.family_name, person.given_name, person.id
            """,  # noqa: S608  the parts are constants of this module
            [implications.pk],
        )
        cursor.execute("DROP TABLE implied")


def _line(each: Changed, cohort_id: int) -> str:
    """A row as COPY reads it. Codes and numbers only: nothing in it needs escaping."""
    effect = each.effect
    values = (
        each.person_id,
        each.commissioner_id,
        cohort_id,
        effect.change.value,
        effect.from_outcome.value,
        effect.to_outcome.value,
        json.dumps(effect.missing if effect.change is Change.NOT_SETTLED else ()),
        "t" if each.was_referred else "f",
        "t" if each.has_budget else "f",
        r"\N" if each.amount is None else each.amount,
    )
    return "\t".join(map(str, values)) + "\n"
