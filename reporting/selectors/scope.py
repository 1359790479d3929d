"""What is counted for a commissioner on a date: worked out once, then shared by every figure of a page."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from offers.models import Cohort
from phb_register.models import Commissioner
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from reporting.rules.counting import CountingPolicy
from reporting.rules.filters import Filters
from reporting.selectors import narrowing
from reporting.selectors.counting import policy_on
from reporting.selectors.known import as_known

NOT_NARROWED = Filters()
_NAMED = re.compile(r"%\((\w+)\)s")


def positional(sql: str, params: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """A statement with named parameters as one with its values in order, as the ORM takes them."""
    return _NAMED.sub("%s", sql), tuple(params[name] for name in _NAMED.findall(sql))


@dataclass(frozen=True)
class Counted:
    """A commissioner, partnership or nation, the as-at date, and the ids of the bodies whose budgets count for it then.

    A nation counts every budget, without a list of bodies that would keep PostgreSQL from reading the register at one
    go: no budget is older than its body, so one that counts on a day is counted by one of the bodies open that day.
    `known_on` asks for what the register knew at the end of that day, `only` for a part of what it holds.
    """

    commissioner: Commissioner
    as_at: dt.date
    ids: frozenset[int]
    known_on: dt.date | None = None
    only: Filters = NOT_NARROWED

    def on(self, as_at: dt.date, *, known_on: dt.date | None = None, only: Filters = NOT_NARROWED) -> "Counted":
        """The same commissioner's on a date, known or narrowed as said. Of one date nothing is read again."""
        if as_at != self.as_at:
            return counted(self.commissioner, as_at, known_on=known_on, only=only)
        if (known_on, only) == (self.known_on, self.only):
            return self
        return replace(self, known_on=known_on, only=only)

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """The cohorts that budgets counted here may be in, in the order of lists and tables."""
        return list(Cohort.objects.used_by([self.commissioner.pk, *self.ids]))

    @cached_property
    def policy(self) -> CountingPolicy:
        """How the commissioner counts on the as-at date."""
        with as_known(self.known_on):
            return policy_on(self.commissioner, self.as_at)

    def spells(self) -> PersonalHealthBudgetQuerySet:
        """Every PHB of those bodies that counts and is not filtered out, whatever its dates."""
        rows = PersonalHealthBudget.objects.order_by()
        if not self.commissioner.is_nation:
            rows = rows.filter(commissioner__in=sorted(self.ids))
        return self.among(rows, " AND ".join(conditions)) if (conditions := self._narrowed("phb")) else rows

    def among(self, rows: PersonalHealthBudgetQuerySet, condition: str, **params: Any) -> PersonalHealthBudgetQuerySet:
        """Those of `rows` for which a condition in SQL over `phb` holds; `params` are named in it."""
        sql, values = positional(
            f"SELECT phb.id FROM budgets_personalhealthbudget AS phb WHERE {condition}",  # noqa: S608
            self.sql_params | params,
        )
        return rows.filter(pk__in=RawSQL(sql, values, output_field=BigIntegerField()))  # noqa: S611

    def where(self, phb: str = "phb") -> str:
        """The condition in SQL that the row `phb` counts here. It needs the parameters of `sql_params`."""
        return " AND ".join([self.in_sql(f"{phb}.commissioner_id"), *self._narrowed(phb)])

    def where_referral(self, referral: str) -> str:
        """The condition in SQL that the row `referral` counts here; where filters ask for a budget, if one came of it.

        It needs the parameters of `sql_params`.
        """
        came_of = f"came.referral_id = {referral}.id"
        return " AND ".join([self.in_sql(f"{referral}.commissioner_id"), *self._of_people(referral, came_of)])

    def where_person(self, row: str) -> str:
        """The condition in SQL that the person that `row` names is among those asked for, as `where_referral` has it.

        It does not say whose they are.
        """
        return " AND ".join(["TRUE", *self._of_people(row)])

    def _of_people(self, row: str, came_of: str = "") -> list[str]:
        counted_here = self.in_sql("came.commissioner_id")
        return narrowing.of_people(row, counted_here, self.only, self.policy, came_of=came_of)

    def _narrowed(self, phb: str) -> list[str]:
        return narrowing.conditions(phb, self.only, self.policy)

    def in_sql(self, column: str = "commissioner_id") -> str:
        """The condition in SQL that a row is one of those bodies'. It needs the parameters of `sql_params`."""
        return "TRUE" if self.commissioner.is_nation else f"{column} = ANY(%(bodies)s)"

    @property
    def sql_params(self) -> dict[str, Any]:
        """What `in_sql` and `where` need, and the as-at date."""
        bodies = [] if self.commissioner.is_nation else sorted(self.ids)
        return {"bodies": bodies, "as_at": self.as_at, **narrowing.params(self.only, self.as_at)}

    def as_query(self) -> dict[str, str]:
        """What stands in an address for the same figures: the dates and the filters."""
        known_on = {"known_on": self.known_on.isoformat()} if self.known_on else {}
        return {"as_at": self.as_at.isoformat(), **known_on, **self.only.as_query()}


def counted(
    commissioner: Commissioner, as_at: dt.date, *, known_on: dt.date | None = None, only: Filters = NOT_NARROWED
) -> Counted:
    """Return what counts for `commissioner` on a date: its members', and the bodies' they succeeded.

    Which bodies those are is always as known now: mergers of commissioners are law, not entries that come late.
    """
    return Counted(commissioner, as_at, counted_ids([commissioner.pk], as_at), known_on, only)


def may_see_people(user: Any, scope: Counted) -> bool:
    """Whether the user may see everyone the figures count.

    Somebody of one member of a partnership, or of a partnership that has lost a member since, may not; they get
    the figures under disclosure control.
    """
    allowed = commissioner_ids(user, Permission.VIEW_PEOPLE_BEHIND_FIGURES)
    return scope.commissioner.pk in allowed and allowed.issuperset(scope.ids)
