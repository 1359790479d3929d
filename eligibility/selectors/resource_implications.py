"""Resource implications as their pages show them: only those of the user's commissioners."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from eligibility.models import ResourceImplications, ResourceImplicationsPerson, RuleSet, RuleSetVersion
from eligibility.models.resource_implications import ResourceImplicationsPersonQuerySet
from eligibility.rules.implications_result import Released, Result, Row, release
from phb_register.dates import FinancialYear, financial_year
from phb_register.models import User
from phb_register.models.commissioners import CommissionerQuerySet, counted_ids
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import named_commissioners
from phb_register.selectors.settings import profile_of

PAGE_LENGTH = 50


@dataclass(frozen=True)
class PeoplePage:
    """A page of a list of people, and the key from which the next one starts."""

    rows: list[ResourceImplicationsPerson]
    next_after: int | None


def already_asked(question: Mapping[str, Any]) -> ResourceImplications | None:
    """What was asked in the same words on the same day, if anybody did."""
    return ResourceImplications.objects.filter(**question).select_related("job").first()


def commissioners_to_try(user: User, rule_set: RuleSet) -> CommissionerQuerySet:
    """Whose people the user may try a rule set on: those it is for, of the commissioners the user writes rules for."""
    named = named_commissioners(user, Permission.WRITE_RULES).order_by("name")
    if rule_set.is_national:
        return named
    return named.filter(
        Q(pk=rule_set.commissioner_id) | Q(partnerships__partnership=rule_set.commissioner_id)
    ).distinct()


def default_period(today: dt.date) -> FinancialYear:
    """The last financial year that is over."""
    return FinancialYear(financial_year(today).begins - 1)


def default_as_at(version: RuleSetVersion, today: dt.date) -> dt.date:
    """Today, or the first day of a version that begins later."""
    return max(today, version.effective_from)


def implications_of(user: User, version: RuleSetVersion) -> list[ResourceImplications]:
    """Everything asked of a version for the user's commissioners, the latest first."""
    rows = ResourceImplications.objects.visible_to(user).filter(version=version)
    return list(rows.select_related("commissioner", "asked_by", "job").defer("result"))


def implications_for(user: User, reference: uuid.UUID) -> ResourceImplications | None:
    """The resource implications with this reference, if the user may see them."""
    rows = ResourceImplications.objects.visible_to(user).filter(reference=reference)
    return rows.select_related("version__rule_set__cohort", "commissioner", "asked_by", "job").first()


def may_see_people(user: User, implications: ResourceImplications) -> bool:
    """Whether the user may see everybody that was counted; whoever may not gets counts under disclosure control."""
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return allowed.issuperset(counted_ids([implications.commissioner_id], implications.as_at))


def released_to(user: User, implications: ResourceImplications) -> Released:
    """What the user may see of a finished result."""
    result = Result.from_dict(implications.result or {})
    return release(result, None if may_see_people(user, implications) else profile_of(implications.commissioner))


def people_of(
    user: User, implications: ResourceImplications, *, change: str = "", cohort: str = "", commissioner: str = ""
) -> ResourceImplicationsPersonQuerySet:
    """The people counted, in the order of names; of one change, cohort or commissioner where given."""
    rows = ResourceImplicationsPerson.objects.visible_to(user).filter(implications=implications)
    wanted = {"change": change, "cohort__code": cohort, "commissioner__code": commissioner}
    rows = rows.filter(**{path: value for path, value in wanted.items() if value})
    return rows.select_related("person", "commissioner", "cohort").order_by("pk")


def page_of_people(
    rows: ResourceImplicationsPersonQuerySet, after: str | None, length: int = PAGE_LENGTH
) -> PeoplePage:
    """The page that follows the key ``after``; the first one for none or a wrong one."""
    if after and after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: length + 1])
    shown = found[:length]
    return PeoplePage(shown, shown[-1].pk if len(found) > length else None)


def rows_of(implications: ResourceImplications) -> tuple[Row, ...]:
    """The rows of a finished result, for the filters of its list."""
    return Result.from_dict(implications.result or {}).rows
