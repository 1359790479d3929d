"""The demonstration's resource implications: para 22 in force from next April, tried on everybody there is."""

from collections.abc import Callable

from eligibility.demonstration_rule_sets import CODE, TEAM
from eligibility.models import ResourceImplications, RuleSetVersion
from eligibility.selectors.resource_implications import default_as_at, default_period
from eligibility.services.resource_implications import ask_for_resource_implications
from phb_register import clock, jobs
from phb_register.models import User


def load(progress: Callable[[int, int], None]) -> None:
    """Ask for them and work them out, unless somebody has."""
    version = RuleSetVersion.objects.filter(rule_set__code=CODE, prepared_by__isnull=False).order_by("number").first()
    team = User.objects.filter(email=TEAM).first()
    if version and team and not ResourceImplications.objects.filter(version=version).exists():
        _work_out(version, team)
    progress(1, 1)


def _work_out(version: RuleSetVersion, by: User) -> None:
    commissioner = version.rule_set.commissioner
    assert commissioner is not None  # noqa: S101  a version that somebody prepared is a commissioner's own
    period = default_period(clock.today())
    implications = ask_for_resource_implications(
        version=version,
        commissioner=commissioner,
        by=by,
        as_at=default_as_at(version, clock.today()),
        period_from=period.start,
        period_to=period.end,
    )
    jobs.run(implications.job_id)
