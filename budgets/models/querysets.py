"""Which PHBs were agreed, in place or ended, on a date or in a period. One definition for every page and figure.

"On" a date means at the end of that day. A PHB is in place from the day it starts up to, not including, the day it
ends: whoever ends on 31 March is not counted on 31 March.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from budgets.enums import Method, State
from budgets.rules.agreement import WHOLE, adult_if_born_by
from phb_register.models import Person
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet

if TYPE_CHECKING:
    from .personal_health_budgets import PersonalHealthBudget  # noqa: F401  (the type in quotes below)


class PersonalHealthBudgetQuerySet(ScopedQuerySet["PersonalHealthBudget"]):
    """Reads of personal health budgets."""

    scope_permission = Permission.VIEW_BUDGETS

    def in_place_on(self, day: dt.date) -> Self:
        """Started by the end of `day` and not ended by then."""
        return self.filter(started_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def agreed_on_date(self, day: dt.date) -> Self:
        """Agreed by the end of `day`, but neither started nor ended by then."""
        return self.filter(
            Q(started_on__isnull=True) | Q(started_on__gt=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            agreed_on__lte=day,
        )

    def live_on(self, day: dt.date) -> Self:
        """Agreed by the end of `day` and not ended by then, started or not."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), agreed_on__lte=day)

    def ended_on_date(self, day: dt.date) -> Self:
        """Ended by the end of `day`."""
        return self.filter(ended_on__lte=day)

    def in_state(self, state: State, day: dt.date) -> Self:
        """In the given state at the end of `day`."""
        reads = {
            State.AGREED: self.agreed_on_date,
            State.IN_PLACE: self.in_place_on,
            State.ENDED: self.ended_on_date,
        }
        return reads[state](day)

    def of_adults_on(self, day: dt.date) -> Self:
        """Of people who are 18 or over on `day`."""
        return self.filter(person__born_on__lte=adult_if_born_by(day))

    def of_children_on(self, day: dt.date) -> Self:
        """Of people who are 17 or under on `day`."""
        return self.filter(person__born_on__gt=adult_if_born_by(day))

    def with_method_on(self, method: Method, day: dt.date) -> Self:
        """Managed at least in part by `method` at the end of `day`; for one that had ended by then, when it ended.

        A method runs once at a time in a PHB, and a part that was replaced on its first day never ran, so the join
        gives each PHB once.
        """
        return self.filter(
            Q(method_parts__ends_on__isnull=True)
            | Q(method_parts__ends_on__gt=day)
            | Q(method_parts__ends_on=F("ended_on"), method_parts__starts_on__lt=F("ended_on"), ended_on__lte=day),
            method_parts__method=method,
            method_parts__starts_on__lte=day,
        )

    def jointly_funded_on(self, day: dt.date) -> Self:
        """Paid for by somebody beside the NHS at the end of `day`: the shares that then hold are parts of the whole."""
        return self.filter(Exists(self._parts_of_the_whole(day)))

    def paid_by_nhs_alone_on(self, day: dt.date) -> Self:
        """Paid for by the NHS and nobody else at the end of `day`."""
        return self.filter(~Exists(self._parts_of_the_whole(day)))

    def _parts_of_the_whole(self, day: dt.date) -> QuerySet[Any]:
        """The shares below 100 that hold on a day, of the row that the query stands at."""
        shares: Any = self.model._meta.get_field("funding_shares").related_model
        rows: QuerySet[Any] = shares.objects.in_force_on(day).filter(phb=OuterRef("pk"), percent__lt=WHOLE)
        return rows

    def search(self, words: str) -> Self:
        """Of people whose name contains every word, or whose NHS number it is."""
        return self.filter(person_id__in=Subquery(Person.objects.search(words).order_by().values("pk")))

    def newest_first(self) -> Self:
        """In the order of the register: the latest agreed first."""
        return self.order_by("-agreed_on", "-pk")

    def for_display(self) -> Self:
        """With what a list shows of each, in a fixed number of queries."""
        return self.select_related("person", "commissioner", "cohort").prefetch_related(
            "method_parts", "funding_shares"
        )
