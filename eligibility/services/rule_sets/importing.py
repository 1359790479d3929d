"""Rule sets in and out as files, in the form of the reference rule sets: all of a file is taken, or nothing."""

from typing import Any

from django.db import transaction

from eligibility import policies
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules import Problem, RulesRefused
from eligibility.rules import RuleSet as Rules
from eligibility.rules.case_files import CaseFileRefused, CaseProblem
from eligibility.rules.case_lists import cases_of_value
from eligibility.rules.located_json import LocatedObject, parse
from eligibility.rules.rule_set_reading import read_located
from eligibility.selectors.rule_sets import commissioners_by_code
from offers.models import Cohort
from phb_register import audit
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .editing import add_draft, create_rule_set
from .support import locked_rule_set


@transaction.atomic
def import_versions(*, rule_set: RuleSet, text: str, by: User) -> list[RuleSetVersion]:
    """Add the versions of a file to a rule set, each as a draft that ``by`` has prepared.

    The file holds one rule set, of the same cohort. Its title, code and layer are passed over. Raises
    ``PermissionDenied``, and ``RulesRefused`` or ``CaseFileRefused`` with each fault and its line; nothing is added.
    """
    rule_set = locked_rule_set(rule_set)
    policies.check_rules_permission(by, Permission.WRITE_RULES, rule_set)
    data, versions = _read(text)
    _check_cohort(data, versions, rule_set.cohort)
    return [_add(rule_set, rules, _place(data, path), by=by) for path, rules in versions.items()]


@transaction.atomic
def import_rule_set(*, commissioner: Commissioner, text: str, by: User) -> RuleSet:
    """Add the rule set of a file as one of a commissioner's own, its versions as drafts.

    It keeps its code if nobody has that. Raises as ``import_versions`` and ``create_rule_set`` do.
    """
    data, versions = _read(text)
    first = next(iter(versions.values()))
    usable = Cohort.objects.used_by([commissioner.pk])
    cohort = usable.filter(code=first.cohort).first()
    if cohort is None:
        codes = ", ".join(usable.order_by("position").values_list("code", flat=True))
        line = data["rule_sets"][0].line_of("cohort")
        raise RulesRefused([Problem("rule_sets[0].cohort", f"There is no such cohort. Use one of {codes}.", line=line)])
    rule_set = create_rule_set(commissioner=commissioner, title=first.title, cohort=cohort, by=by, code=first.code)
    for path, rules in versions.items():
        _add(rule_set, rules, _place(data, path), by=by)
    return rule_set


def note_export(*, version: RuleSetVersion, what: str, by: User) -> None:
    """Note that a version, or its worked cases, left the register as a file."""
    audit.record_export(
        by,
        what,
        commissioner=version.rule_set.commissioner,
        rows=len(version.cases) if what == "worked-cases" else 1,
        filters={"rule_set": version.rule_set.code, "number": version.number},
    )


def _read(text: str) -> tuple[LocatedObject, dict[str, Rules]]:
    """The file's value and its versions by path. Cases are read too, so that every fault is told at once."""
    versions = read_located(text)
    data = parse(text)
    if len(data["rule_sets"]) > 1:
        line = data["rule_sets"][1].line
        raise RulesRefused(
            [Problem("rule_sets[1]", "Give one rule set in a file. Put this one in another.", line=line)]
        )
    known = commissioners_by_code().__contains__
    problems: list[CaseProblem] = []
    for path in versions:
        try:
            _cases(_place(data, path), known)
        except CaseFileRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise CaseFileRefused(problems)
    return data, versions


def _place(data: LocatedObject, path: str) -> LocatedObject:
    """A version of the file by its path, `rule_sets[0].versions[1]`."""
    place = int(path.rpartition("[")[2].rstrip("]"))
    version: LocatedObject = data["rule_sets"][0]["versions"][place]
    return version


def _cases(version: LocatedObject, known: Any) -> list[dict[str, Any]]:
    """The worked cases of a version in a file; their faults have the lines they have there."""
    if not version.get("cases"):
        return []
    alone = LocatedObject({"cases": version["cases"]})
    alone.line, alone.lines = version.line, {"cases": version.line_of("cases")}
    return cases_of_value(alone, known)


def _check_cohort(data: LocatedObject, versions: dict[str, Rules], cohort: Cohort) -> None:
    found = next(iter(versions.values())).cohort
    if found != cohort.code:
        line = data["rule_sets"][0].line_of("cohort")
        message = f"The file is for {found}, and this rule set for {cohort.code}. Import it as a rule set of its own."
        raise RulesRefused([Problem("rule_sets[0].cohort", message, line=line)])


def _add(rule_set: RuleSet, rules: Rules, version: LocatedObject, *, by: User) -> RuleSetVersion:
    return add_draft(
        rule_set,
        effective_from=rules.effective_from,
        change_note=str(version.get("change_note") or f"Imported from a file: {rules.title}, version {rules.number}"),
        by=by,
        fields={
            "effective_to": rules.effective_to,
            "status": rules.status.value,
            "outcome": rules.outcome.value,
            "source": rules.source,
            "content": rules.content(),
            "cases": _cases(version, commissioners_by_code().__contains__),
        },
    )
