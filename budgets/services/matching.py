"""Saying what the lines of a statement are, keeping rules that suggest it, and receipts that were seen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from budgets.enums import ServiceCategory
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import MatchingRule, MonitoringReturn, PersonalHealthBudget, StatementLine
from budgets.rules.matching import MONEY_IN, MONEY_OUT, LineMatch, matches_for
from budgets.rules.monitoring_states import ReturnStatus
from budgets.rules.statement_cells import mask
from budgets.selectors.statements import suggestions_for, unmatched_lines
from phb_register import audit, clock, scope
from phb_register.cells import tidy
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

from .monitoring_returns import NO_LONGER, held_return

OPEN = (ReturnStatus.RECEIVED, ReturnStatus.QUERIED)
SHORTEST_WORDS = 3


@dataclass(frozen=True)
class Said:
    """What somebody says a line is; ``category`` where it was bought as the plan says."""

    match: str
    category: str = ""
    note: str = ""


@transaction.atomic
def match_lines(
    *, monitoring_return: MonitoringReturn, said: Mapping[int, Said], by: User, on: dt.date | None = None
) -> int:
    """Say what lines are, by their ids; an empty match takes back what was said. Answers how many changed.

    Raises ``PermissionDenied``, or ``BudgetRefused`` with the line's id as the field.
    """
    held = held_return(monitoring_return, by)
    if held.status not in OPEN:
        raise BudgetRefused([Problem("", NO_LONGER)])
    lines = list(StatementLine.objects.select_for_update().filter(monitoring_return=held, pk__in=said))
    problems = [problem for line in lines if (problem := _problem(line, said[line.pk])) is not None]
    if problems:
        raise BudgetRefused(problems)
    changed = []
    for line in lines:
        new = said[line.pk]
        category = new.category if new.match == LineMatch.PLAN else ""
        if (line.match, line.category, line.note) == (new.match, category, new.note.strip()):
            continue
        line.match, line.category, line.note = new.match, category, new.note.strip()
        line.matched_by, line.matched_on = (by, on or clock.today()) if new.match else (None, None)
        changed.append(line)
    StatementLine.objects.bulk_update(changed, ["match", "category", "note", "matched_by", "matched_on"])
    if changed:
        _record(held, "lines-matched", by, lines=len(changed))
    return len(changed)


def _problem(line: StatementLine, new: Said) -> Problem | None:
    if not new.match:
        return None
    if new.match not in matches_for(line.amount):
        return Problem(str(line.pk), f"Select what the line of £{abs(line.amount):,.2f} is")
    if new.match == LineMatch.PLAN and new.category not in ServiceCategory.values:
        return Problem(str(line.pk), "Select what of the plan was bought")
    if new.match == LineMatch.OFF_PLAN and not new.note.strip():
        return Problem(str(line.pk), "Enter what it was spent on, and what was said about it")
    return None


@transaction.atomic
def accept_suggestions(*, monitoring_return: MonitoringReturn, by: User, on: dt.date | None = None) -> int:
    """Say of every line that is left what the rules suggest it is; the rest stay. Answers how many were matched."""
    lines = list(unmatched_lines(monitoring_return))
    found = suggestions_for(monitoring_return, lines)
    said = {pk: Said(match, category) for pk, (match, category) in found.items() if match != LineMatch.OFF_PLAN}
    return match_lines(monitoring_return=monitoring_return, said=said, by=by, on=on)


@transaction.atomic
def keep_rule(
    *,
    commissioner: Commissioner,
    contains: str,
    is_money_in: bool,
    match: str,
    by: User,
    category: str = "",
    phb: PersonalHealthBudget | None = None,
) -> MatchingRule:
    """Keep a rule that suggests what lines are; asked for twice it is one rule.

    Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    scope.check(by, Permission.MONITOR_BUDGETS, commissioner)
    words = mask(tidy(contains))
    problems = []
    if len(words) < SHORTEST_WORDS:
        problems.append(Problem("contains", "Enter at least 3 letters of the description"))
    if match not in (MONEY_IN if is_money_in else MONEY_OUT):
        problems.append(Problem("match", "Select what such a line is"))
    if match == LineMatch.PLAN and category not in ServiceCategory.values:
        problems.append(Problem("category", "Select what of the plan was bought"))
    if problems:
        raise BudgetRefused(problems)
    category = category if match == LineMatch.PLAN else ""
    same = {"commissioner": commissioner, "phb": phb, "contains": words, "is_money_in": is_money_in}
    existing = MatchingRule.objects.filter(**same, is_in_use=True).first()
    if existing is not None and (existing.match, existing.category) == (match, category):
        return existing
    if existing is not None:
        raise BudgetRefused([Problem("contains", "There is a rule for these words already. Take it away first")])
    try:
        with transaction.atomic():
            rule = MatchingRule.objects.create(**same, match=match, category=category, kept_by=by)
    except IntegrityError as error:
        raise BudgetRefused([Problem("contains", "There is a rule for these words already")]) from error
    audit.record(actor=by, action="matching-rule-kept", subject=rule, commissioner=commissioner)
    return rule


@transaction.atomic
def retire_rule(*, rule: MatchingRule, by: User) -> MatchingRule:
    """Use a rule no longer. What was matched by it stays. Raises ``PermissionDenied``."""
    held = MatchingRule.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=rule.pk)
    scope.check(by, Permission.MONITOR_BUDGETS, held.commissioner)
    if held.is_in_use:
        held.is_in_use = False
        held.save(update_fields=["is_in_use"])
        audit.record(actor=by, action="matching-rule-retired", subject=held, commissioner=held.commissioner)
    return held


@transaction.atomic
def see_receipts(
    *, monitoring_return: MonitoringReturn, lines: Iterable[int], by: User, on: dt.date | None = None
) -> int:
    """Record that the receipts of lines (their ids) were seen, and by whom. Answers how many.

    Raises ``PermissionDenied`` or ``BudgetRefused``.
    """
    held = held_return(monitoring_return, by)
    day = on or clock.today()
    if held.status not in OPEN:
        raise BudgetRefused([Problem("", NO_LONGER)])
    if day > clock.today() or (held.received_on is not None and day < held.first_on):
        raise BudgetRefused([Problem("on", "Date must be in or after the period of the return, and not in the future")])
    rows = StatementLine.objects.filter(monitoring_return=held, pk__in=list(lines), receipt_seen_on__isnull=True)
    seen = rows.update(receipt_seen_on=day, receipt_seen_by=by)
    if seen:
        _record(held, "receipts-seen", by, lines=seen)
    return seen


def _record(held: MonitoringReturn, action: str, by: User, **detail: int) -> None:
    audit.record(
        actor=by, action=action, subject=held, commissioner=held.schedule.phb.commissioner, detail=dict(detail)
    )
