"""The people behind the numbers of the page of variation: of whole months, and of commissioners beside each other.

Evaluate them within `as_known(scope.known_on)`: the numbers were counted there, too.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from eligibility.models import Referral
from eligibility.models.referrals import Decision
from phb_register.models import Commissioner
from reporting.rules.variation import Behind
from reporting.selectors.figures import chc_in_community
from reporting.selectors.pathway_statements import decided_referrals
from reporting.selectors.scope import Counted, counted, positional
from reporting.selectors.variation import EARLIEST, charted

BY_NAME = ("person__family_name", "person__given_name", "pk")
_RECEIVED = """
    SELECT referral.id FROM eligibility_referral AS referral
    WHERE {counted} AND referral.received_on BETWEEN %(first_day)s AND %(last_day)s
"""
_DECIDED = "SELECT id FROM ({decided}) AS decided WHERE decided_on BETWEEN %(first_day)s AND %(last_day)s"


@dataclass(frozen=True)
class PeopleBehind:
    """Whose budgets or referrals stand behind a number, of the days from `first` to `last`, both counted.

    What was in place is that at the end of `last`. `scope` is that of the page.
    """

    behind: Behind
    scope: Counted
    first: dt.date
    last: dt.date
    body: Commissioner

    @property
    def rows(self) -> QuerySet[Any]:
        """The very rows that the number counts, by name."""
        scope = self.scope
        if self.behind.is_of_a_body:
            scope = counted_like(scope, self.body)
        elif self.behind is not Behind.ON_THE_LINE:
            scope = charted(scope)
        return rows_behind(self.behind, scope, self.first, self.last)

    def as_query(self) -> dict[str, str]:
        """What stands in an address for the same list."""
        if self.behind.is_of_a_body:
            return {**self.scope.as_query(), "of": self.body.code}
        return {**self.scope.as_query(), "first": self.first.isoformat(), "last": self.last.isoformat()}


def people_behind(
    behind: Behind, scope: Counted, *, first: dt.date | None, last: dt.date | None, body: Commissioner | None
) -> PeopleBehind:
    """The list that is asked for; the last whole month where no days are, of the page's own commissioner."""
    if behind.is_of_a_body:
        return PeopleBehind(behind, scope, scope.as_at, scope.as_at, body or scope.commissioner)
    ends = last or charted(scope).as_at
    return PeopleBehind(behind, scope, first or ends.replace(day=1), ends, scope.commissioner)


def rows_behind(behind: Behind, scope: Counted, first: dt.date, last: dt.date) -> QuerySet[Any]:
    """The budgets or referrals of these days."""
    if behind is Behind.RECEIVED:
        return _referrals(_RECEIVED.format(counted=scope.where_referral("referral")), scope, first, last)
    if behind is Behind.DECIDED:
        return _referrals(_DECIDED.format(decided=decided_referrals(scope)), scope, first, last)
    return _budgets(behind, scope.spells(), first, last).for_display().order_by(*BY_NAME)


def counted_like(scope: Counted, body: Commissioner) -> Counted:
    """One commissioner, counted the way the commissioner of `scope` counts, as the funnel plots have it."""
    found = counted(body, scope.as_at, known_on=scope.known_on, only=scope.only)
    found.__dict__["policy"] = scope.policy
    return found


def _budgets(
    behind: Behind, spells: PersonalHealthBudgetQuerySet, first: dt.date, last: dt.date
) -> PersonalHealthBudgetQuerySet:
    if behind is Behind.STARTED:
        return spells.filter(started_on__range=(first, last))
    if behind is Behind.ENDED:
        return spells.filter(ended_on__range=(first, last), started_on__isnull=False)
    return chc_in_community(spells, last) if behind is Behind.COMPARED_CHC else spells.in_place_on(last)


def _referrals(statement: str, scope: Counted, first: dt.date, last: dt.date) -> QuerySet[Referral]:
    """With the day of the first decision, and how many days it took; both None where there was none."""
    days = {"first": EARLIEST, "first_day": first, "last_day": last}
    sql, values = positional(statement, scope.sql_params | days)
    decisions = Decision.objects.filter(referral=OuterRef("pk"), number=1, decided_on__lte=scope.as_at)
    rows = Referral.objects.filter(pk__in=RawSQL(sql, values, output_field=BigIntegerField()))  # noqa: S611
    return (
        rows.select_related("person", "commissioner")
        .annotate(first_decided_on=Subquery(decisions.values("decided_on")[:1]))
        .annotate(days_to_decision=F("first_decided_on") - F("received_on"))
        .order_by(*BY_NAME)
    )


def records_of(behind: Behind) -> type[PersonalHealthBudget] | type[Referral]:
    """What stands in a row: budgets or referrals."""
    return Referral if behind in (Behind.RECEIVED, Behind.DECIDED) else PersonalHealthBudget
