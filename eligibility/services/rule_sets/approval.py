"""The life of a version: submitted, sent back, approved by a second person, withdrawn."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from eligibility import policies
from eligibility.enums import ApprovalStatus
from eligibility.exceptions import NotFitForApproval
from eligibility.models import RuleSetVersion
from eligibility.models.rule_sets import RuleSetVersionQuerySet
from eligibility.rules import RuleSetStatus, RulesRefused
from eligibility.rules.case_files import CaseFileRefused
from eligibility.rules.content_checks import submission_problems
from eligibility.selectors.worked_cases import run_cases
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import User

from .support import locked_version, record_transition


@transaction.atomic
def submit_version(*, version: RuleSetVersion, by: User) -> RuleSetVersion:
    """Hand a draft over for approval. It must read, say where it comes from, and carry worked cases.

    Raises ``PermissionDenied``, ``TransitionNotAllowed``, and ``NotFitForApproval`` with every fault and its remedy.
    """
    version = locked_version(version)
    step = policies.check_may_move(by, version, "submit", clock.today())
    _check_it_reads(version)
    if not version.cases:
        raise NotFitForApproval("Add at least one worked case, so that whoever approves it sees what it does")
    version.approval_status = step.to_status
    version.save(update_fields=["approval_status"])
    record_transition(version, step, by=by)
    return version


@transaction.atomic
def send_back(*, version: RuleSetVersion, reason: str, by: User) -> RuleSetVersion:
    """Make a submitted version a draft again, with what is to be changed. Raises as ``submit_version`` does."""
    version = locked_version(version)
    step = policies.check_may_move(by, version, "send-back", clock.today())
    version.approval_status = step.to_status
    version.save(update_fields=["approval_status"])
    record_transition(version, step, by=by, reason=reason)
    return version


@transaction.atomic
def approve_version(*, version: RuleSetVersion, by: User) -> RuleSetVersion:
    """Approve a submitted version; from its first day people are screened by it.

    ``by`` neither prepared nor edited it. Its content reads, its worked cases all pass with it in place, and its dates
    leave what other versions said of past days as it was. A version that holds when it begins is given the day before
    as its last. Raises ``PermissionDenied``, ``TransitionNotAllowed`` (also for the slower of two who approve at
    once), and ``NotFitForApproval`` with each fault, case or version in its way.
    """
    version = locked_version(version)
    step = policies.check_may_move(by, version, "approve", clock.today())
    _check_it_reads(version)
    _check_cases_pass(version)
    _check_dates(version, clock.today())
    earlier = _superseded_by(version)
    if earlier is not None:
        version.supersedes, version.supersedes_until = earlier, earlier.effective_to
        version.save(update_fields=["supersedes", "supersedes_until"])
        earlier.effective_to = version.effective_from - dt.timedelta(days=1)
        earlier.save(update_fields=["effective_to"])
    version.approval_status = step.to_status
    version.approved_by = by
    version.approved_at = clock.now()
    version.save(update_fields=["approval_status", "approved_by", "approved_at"])
    record_transition(version, step, by=by)
    return version


@transaction.atomic
def withdraw_version(*, version: RuleSetVersion, reason: str, by: User) -> RuleSetVersion:
    """Take back a version that nobody has been screened by. One it was to take over from goes on as before.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` where it has begun, and ``Refused`` for want of a reason or
    where a later version builds on it.
    """
    version = locked_version(version)
    step = policies.check_may_move(by, version, "withdraw", clock.today())
    if step.from_status == ApprovalStatus.APPROVED:
        _check_nothing_builds_on(version)
    version.approval_status = step.to_status
    version.save(update_fields=["approval_status"])
    record_transition(version, step, by=by, reason=reason)
    earlier = version.supersedes
    if earlier is not None and earlier.effective_to == version.effective_from - dt.timedelta(days=1):
        earlier.effective_to = version.supersedes_until
        earlier.save(update_fields=["effective_to"])
    return version


def _check_it_reads(version: RuleSetVersion) -> None:
    try:
        problems = submission_problems(version.as_rules())
    except RulesRefused as refused:
        problems = list(refused.problems)
    if problems:
        raise NotFitForApproval(
            "The version cannot be used as it stands. Mend what is listed here",
            [str(problem) for problem in problems],
        )


def _check_cases_pass(version: RuleSetVersion) -> None:
    if not version.cases:
        raise NotFitForApproval("It has no worked cases. Send it back for at least one")
    try:
        failed = [result for result in run_cases(version) if not result.has_passed]
    except CaseFileRefused as refused:
        raise NotFitForApproval(
            "The worked cases cannot be read. Send it back to have them mended",
            [str(problem) for problem in refused.problems],
        ) from refused
    if failed:
        raise NotFitForApproval(
            f"{len(failed)} of {len(version.cases)} worked cases failed. Send it back to have the criteria or the "
            "cases mended",
            [f"{result.case.id}: {result.in_words}" for result in failed],
        )


def _check_dates(version: RuleSetVersion, today: dt.date) -> None:
    """Refuse to change what held on past days, and to share a day with a version in force that starts later."""
    rivals = _rivals(version)
    if version.effective_from <= today:
        last = min(version.effective_to or today, today)
        held = rivals.filter(effective_from__lte=last).filter(_reaches(version.effective_from)).first()
        if held is not None:
            raise NotFitForApproval(
                f"Version {held.number} has been used on days that this one is for. "
                f"Send it back to be given a first day after {today:%-d %B %Y}",
            )
    if version.status == RuleSetStatus.IN_FORCE:
        later = rivals.filter(status=RuleSetStatus.IN_FORCE, effective_from__gte=version.effective_from)
        if version.effective_to is not None:
            later = later.filter(effective_from__lte=version.effective_to)
        first = later.order_by("effective_from").first()
        if first is not None:
            raise NotFitForApproval(
                f"Version {first.number} is in force from {first.effective_from:%-d %B %Y}, so both would hold that "
                f"day. {_remedy(version, first)}"
            )


def _remedy(version: RuleSetVersion, later: RuleSetVersion) -> str:
    if later.effective_from > version.effective_from:
        day = later.effective_from - dt.timedelta(days=1)
        return (
            f"Send this one back to be given a last day of {day:%-d %B %Y} or before, "
            f"or withdraw version {later.number}"
        )
    return f"Withdraw version {later.number} first, or send this one back to be given another first day"


def _superseded_by(version: RuleSetVersion) -> RuleSetVersion | None:
    """The version that would be used on this one's first day, locked: in force first, else the latest proposed."""
    held = _rivals(version).filter(effective_from__lt=version.effective_from).filter(_reaches(version.effective_from))
    by_use = held.order_by("status", "-number")  # "in_force" sorts before "proposed"
    return by_use.select_for_update(of=("self",)).first()


def _rivals(version: RuleSetVersion) -> RuleSetVersionQuerySet:
    """The approved versions whose place it could take: a proposed one never takes that of one in force."""
    others = RuleSetVersion.objects.approved().filter(rule_set=version.rule_set_id).exclude(pk=version.pk)
    return others if version.status == RuleSetStatus.IN_FORCE else others.filter(status=RuleSetStatus.PROPOSED)


def _reaches(day: dt.date) -> Q:
    return Q(effective_to__isnull=True) | Q(effective_to__gte=day)


def _check_nothing_builds_on(version: RuleSetVersion) -> None:
    """Refuse where a later version took over from this one, or stands on days that would be given back."""
    later = RuleSetVersion.objects.approved().filter(
        rule_set=version.rule_set_id, effective_from__gt=version.effective_from
    )
    taken = later.filter(supersedes=version)
    if version.supersedes is not None and version.supersedes.status == RuleSetStatus.IN_FORCE:
        until = version.supersedes_until
        back = later.filter(status=RuleSetStatus.IN_FORCE)
        taken = taken | (back if until is None else back.filter(effective_from__lte=until))
    first = taken.order_by("effective_from").first()
    if first is not None:
        raise Refused(
            f"Version {first.number} follows it from {first.effective_from:%-d %B %Y}. Withdraw that one first"
        )
