"""Reads of statements: what helps to read a file, its lines, and what rules suggest they are."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from budgets.enums import Method
from budgets.models import (
    MatchingRule,
    MonitoringReturn,
    PersonalHealthBudget,
    Statement,
    StatementDraft,
    StatementLayout,
    StatementLine,
)
from budgets.rules.matching import LineMatch, Rule, suggestion
from budgets.rules.statements import (
    PeriodPart,
    StatementFile,
    StatementRow,
    guessed_columns,
    header_key,
    parse,
    part_within,
)
from budgets.selectors.arrangements import arrangement_on
from budgets.selectors.support_plans import plan_in_force
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import accountable_on

NOTHING = Decimal(0)


@dataclass(frozen=True)
class StatementPreview:
    """What would be stored of a file: the part within the period, and which of its lines are there already."""

    part: PeriodPart
    known_keys: frozenset[str]
    is_same_file: bool

    @property
    def new_lines(self) -> int:
        """How many lines would be added."""
        return len(self.part.lines) - len(self.known_keys)


def draft_for(user: User, reference: uuid.UUID, key: uuid.UUID) -> StatementDraft | None:
    """A file of a return that this user read in and that waits to be looked at."""
    visible = MonitoringReturn.objects.visible_to(user, Permission.MONITOR_BUDGETS).filter(reference=reference)
    rows = StatementDraft.objects.filter(key=key, monitoring_return__in=visible, made_by=user)
    return rows.select_related(
        "monitoring_return__schedule__phb__commissioner", "monitoring_return__schedule__phb__person"
    ).first()


def file_of(draft: StatementDraft) -> StatementFile:
    """The cells of a draft as they were read."""
    rows = tuple(StatementRow(number, tuple(cells)) for number, cells in draft.rows)
    return StatementFile(tuple(draft.header), rows, draft.file_sha256, draft.account_last_four)


def remembered_columns(commissioner: Commissioner, header: list[str]) -> dict[str, str]:
    """The columns as this commissioner last said them of files with these headings; else what the headings say."""
    layout = StatementLayout.objects.filter(commissioner=commissioner, header_key=header_key(header)).first()
    return dict(layout.columns) if layout else guessed_columns(header)


def layout_owner(monitoring_return: MonitoringReturn) -> Commissioner:
    """Whose layouts and rules help to read a return: the body accountable on its last day."""
    return accountable_on(monitoring_return.schedule.phb.commissioner, monitoring_return.last_on)


def preview_of(draft: StatementDraft) -> StatementPreview:
    """What a draft would add. Raises ``StatementFileRefused`` where its columns or balances do not fit."""
    found = draft.monitoring_return
    part = part_within(parse(file_of(draft), draft.columns), found.first_on, found.last_on)
    keys = [line.key for line in part.lines]
    known = StatementLine.objects.filter(monitoring_return=found, key__in=keys).values_list("key", flat=True)
    same = Statement.objects.filter(monitoring_return=found, file_sha256=draft.file_sha256).exists()
    return StatementPreview(part, frozenset(known), same)


def approved_last_four(monitoring_return: MonitoringReturn) -> str:
    """The last four digits of the account approved for a direct payment at the end of a return; "" where not known."""
    schedule = monitoring_return.schedule
    found = arrangement_on(schedule.phb, Method(schedule.method), monitoring_return.last_on)
    return getattr(found, "account_last_four", "") or ""


def statements_of(monitoring_return: MonitoringReturn) -> list[Statement]:
    """The files stored for a return, the earliest first."""
    return list(monitoring_return.statements.select_related("imported_by").order_by("first_on", "pk"))


def lines_of(monitoring_return: MonitoringReturn) -> QuerySet[StatementLine]:
    """The lines of a return in their order."""
    return monitoring_return.lines.select_related("matched_by", "receipt_seen_by").order_by(
        "booked_on", "statement_id", "row"
    )


def unmatched_lines(monitoring_return: MonitoringReturn) -> QuerySet[StatementLine]:
    """The lines that nobody said yet what they are."""
    return lines_of(monitoring_return).filter(match="")


def receipts_missing(monitoring_return: MonitoringReturn) -> QuerySet[StatementLine]:
    """The lines whose receipt is asked for and was not seen yet."""
    return lines_of(monitoring_return).filter(is_receipt_asked=True, receipt_seen_on__isnull=True)


def rules_for(monitoring_return: MonitoringReturn) -> list[MatchingRule]:
    """The rules kept for a return's budget and for its commissioner; those of the budget first."""
    rows = MatchingRule.objects.filter(commissioner=layout_owner(monitoring_return), is_in_use=True)
    wanted = Q(phb__isnull=True) | Q(phb=monitoring_return.schedule.phb)
    return sorted(rows.filter(wanted), key=lambda rule: rule.phb_id is None)


def suggestions_for(monitoring_return: MonitoringReturn, lines: Iterable[StatementLine]) -> dict[int, tuple[str, str]]:
    """What each line may be, by its id: by a rule that was kept, or as a payment of ours of the same amount."""
    kept = [Rule(each.contains, each.is_money_in, each.match, each.category) for each in rules_for(monitoring_return)]
    paid = _payments_of(monitoring_return)
    found: dict[int, tuple[str, str]] = {}
    for line in lines:
        rule = suggestion(line.description, line.amount, kept)
        if rule is not None:
            found[line.pk] = (rule.match, rule.category)
        elif line.amount in paid:
            found[line.pk] = (LineMatch.PAYMENT, "")
    return found


def _payments_of(monitoring_return: MonitoringReturn) -> set[Decimal]:
    """The amounts that were paid by the ledger around the time of a return, each net of what was set off."""
    schedule = monitoring_return.schedule
    rows = schedule.phb.ledger_entries.filter(
        method=schedule.method,
        entered_on__range=(monitoring_return.first_on, monitoring_return.last_on),
        payment__isnull=False,
    )
    return {each["net"] for each in rows.values("payment").annotate(net=Sum("amount")) if each["net"] > NOTHING}


def planned_by_category(phb: PersonalHealthBudget, monitoring_return: MonitoringReturn) -> dict[str, Decimal]:
    """What the support plan in force at the end of the return buys a year, by category, of its method; in pounds."""
    plan = plan_in_force(phb.referral, monitoring_return.last_on)
    if plan is None:
        return {}
    found: dict[str, Decimal] = {}
    for service in plan.services.filter(method=monitoring_return.schedule.method):
        found[service.category] = found.get(service.category, NOTHING) + service.annual_cost
    return found


def spent_by_category(monitoring_return: MonitoringReturn) -> dict[str, Decimal]:
    """What was spent as the plan says, by category; in pounds."""
    rows = monitoring_return.lines.filter(match=LineMatch.PLAN).values("category").annotate(total=Sum("amount"))
    return {each["category"]: -each["total"] for each in rows.order_by("category")}


def rules_seen_by(user: User) -> QuerySet[MatchingRule]:
    """The rules in use of the user's commissioners; those of one budget only where they may see it."""
    ids = commissioner_ids(user, Permission.MONITOR_BUDGETS)
    visible = PersonalHealthBudget.objects.visible_to(user, Permission.MONITOR_BUDGETS)
    rows = MatchingRule.objects.filter(commissioner__in=ids, is_in_use=True)
    return rows.filter(Q(phb__isnull=True) | Q(phb__in=visible)).select_related("phb__person", "kept_by")
