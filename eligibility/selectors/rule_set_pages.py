"""Rule sets as their pages show them. Everything that takes a user gives only what that user may see."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from eligibility.enums import ApprovalStatus
from eligibility.models import RuleSet, RuleSetVersion, RuleSetVersionEdit, RuleSetVersionTransition
from eligibility.models.rule_sets import RuleSetQuerySet
from eligibility.rules import RuleSet as Rules
from eligibility.rules import RulesRefused
from eligibility.rules.case_files import CaseFileRefused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of

from .rule_sets import in_use
from .worked_cases import CaseResult, run_cases

OPEN = (ApprovalStatus.DRAFT, ApprovalStatus.SUBMITTED)


@dataclass(frozen=True)
class ListedRuleSet:
    """A rule set in a list: the version people are screened by today, the next one approved, those on their way."""

    rule_set: RuleSet
    today: RuleSetVersion | None
    next: RuleSetVersion | None
    on_their_way: list[RuleSetVersion]


@dataclass(frozen=True)
class VersionRecord:
    """All that hangs on a version, for its page."""

    version: RuleSetVersion
    transitions: list[RuleSetVersionTransition]
    edits: list[RuleSetVersionEdit]
    results: list[CaseResult]
    case_faults: list[str]
    others: list[RuleSetVersion]


def rule_sets_of(user: User) -> RuleSetQuerySet:
    """The national rule sets and the user's own, for a list: each with its versions, whose content is not read."""
    versions = RuleSetVersion.objects.defer("content", "cases").select_related("prepared_by")
    return (
        RuleSet.objects.visible_to(user)
        .select_related("cohort", "commissioner")
        .prefetch_related(Prefetch("versions", queryset=versions.order_by("number")))
        .order_by("cohort__position", "commissioner__name", "title")
    )


def with_version(rows: QuerySet[RuleSet], approval_status: str) -> QuerySet[RuleSet]:
    """Those that have a version with this approval status."""
    versions = RuleSetVersion.objects.filter(rule_set=OuterRef("pk"), approval_status=approval_status)
    return rows.filter(Exists(versions))


def with_version_today(rows: QuerySet[RuleSet], today: dt.date, status: str) -> QuerySet[RuleSet]:
    """Those that have an approved version, in force or proposed, on a day."""
    versions = RuleSetVersion.objects.approved().for_date(today).filter(rule_set=OuterRef("pk"), status=status)
    return rows.filter(Exists(versions))


def listed(rule_sets: Iterable[RuleSet], today: dt.date) -> list[ListedRuleSet]:
    """Rule sets from ``rule_sets_of`` with what counts of their versions."""
    return [_listed(rule_set, today) for rule_set in rule_sets]


def _listed(rule_set: RuleSet, today: dt.date) -> ListedRuleSet:
    versions = list(rule_set.versions.all())
    approved = [each for each in versions if each.approval_status == ApprovalStatus.APPROVED]
    later = sorted((each for each in approved if each.effective_from > today), key=lambda each: each.effective_from)
    return ListedRuleSet(
        rule_set=rule_set,
        today=in_use(each for each in approved if each.is_effective_on(today)),
        next=later[0] if later else None,
        on_their_way=[each for each in versions if each.approval_status in OPEN],
    )


def rule_set_for(user: User, code: str, permission: Permission = Permission.VIEW_RULES) -> RuleSet | None:
    """The rule set with this code, if the user has the permission for it."""
    rows = RuleSet.objects.visible_to(user, permission).select_related("cohort", "commissioner")
    return rows.filter(code=code).first()


def version_for(
    user: User, code: str, number: int, permission: Permission = Permission.VIEW_RULES
) -> RuleSetVersion | None:
    """One version of a rule set, on the same terms."""
    rule_set = rule_set_for(user, code, permission)
    return versions_of(rule_set).filter(number=number).first() if rule_set else None


def versions_of(rule_set: RuleSet) -> QuerySet[RuleSetVersion]:
    """The versions of a rule set, the newest first, with who prepared and approved them."""
    rows = RuleSetVersion.objects.filter(rule_set=rule_set).order_by("-number")
    return rows.select_related("rule_set__cohort", "rule_set__commissioner", "prepared_by", "approved_by", "supersedes")


def version_record(version: RuleSetVersion) -> VersionRecord:
    """What hangs on a version. Its worked cases are run now; faults that keep them from it are given in words."""
    results, faults = results_of(version)
    return VersionRecord(
        version=version,
        transitions=list(version.transitions.select_related("made_by")),
        edits=list(version.edits.select_related("edited_by")),
        results=results,
        case_faults=faults,
        others=list(versions_of(version.rule_set).exclude(pk=version.pk).defer("content", "cases")),
    )


def results_of(version: RuleSetVersion) -> tuple[list[CaseResult], list[str]]:
    """How the worked cases of a version come out, or why they cannot be run."""
    try:
        return run_cases(version), []
    except RulesRefused:
        return [], ["The cases can be run once the version reads without fault."]
    except CaseFileRefused as refused:
        return [], [str(problem) for problem in refused.problems]


def rules_of(version: RuleSetVersion) -> Rules | None:
    """The version as rules, or None for a draft that cannot be read yet."""
    try:
        return version.as_rules()
    except RulesRefused:
        return None


def waiting_for_approval(user: User) -> list[RuleSetVersion]:
    """Submitted versions that this user may approve: not those they had a hand in. The longest waiting first."""
    rule_sets = RuleSet.objects.visible_to(user, Permission.APPROVE_RULES)
    rows = RuleSetVersion.objects.filter(rule_set__in=rule_sets, approval_status=ApprovalStatus.SUBMITTED)
    rows = rows.exclude(prepared_by=user).exclude(edits__edited_by=user)
    return list(rows.select_related("rule_set__commissioner", "prepared_by").defer("content", "cases").order_by("pk"))


def sent_back(user: User) -> list[RuleSetVersionTransition]:
    """How drafts came back that this user had prepared or submitted, the newest first."""
    rule_sets = RuleSet.objects.visible_to(user, Permission.WRITE_RULES)
    later = RuleSetVersionTransition.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
    rows = RuleSetVersionTransition.objects.filter(
        ~Exists(later),
        action="send-back",
        version__rule_set__in=rule_sets,
        version__prepared_by=user,
        version__approval_status=ApprovalStatus.DRAFT,
    )
    return list(rows.select_related("version__rule_set", "made_by").order_by("-made_at"))


def commissioners_to_write_for(user: User, today: dt.date) -> QuerySet[Commissioner]:
    """The open commissioners and partnerships whose rule sets the user may write."""
    return commissioners_of(user, Permission.WRITE_RULES).open_on(today).order_by("name")


def commissioners_for_cases(user: User) -> QuerySet[Commissioner]:
    """Whom a worked case can be about: everybody whose rule sets the user may see, and the partnerships' members."""
    return commissioners_of(user, Permission.VIEW_RULES).order_by("name")


def commissioners_with_rules(user: User) -> QuerySet[Commissioner]:
    """Those whose rule sets the user may see."""
    owners = RuleSet.objects.visible_to(user).exclude(commissioner=None).values("commissioner")
    return Commissioner.objects.filter(pk__in=owners).order_by("name")
