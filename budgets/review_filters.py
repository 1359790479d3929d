"""The filters of the list of reviews: one set behind the page and its file."""

import datetime as dt
from typing import Any

import django_filters

from budgets.models import ReviewDue
from budgets.models.review_due import ReviewDueQuerySet
from budgets.rules.reviews import WEEKS_AHEAD
from offers.models import Cohort
from offers.selectors import cohorts_for
from phb_register.filters import NhsDateFilter
from phb_register.forms import NhsForm
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of

OVERDUE, SOON, PLANNED, ANY = "overdue", "soon", "planned", "any"


class ReviewFilterForm(NhsForm):
    """The filters as a form; they stand in the address."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False


class ReviewFilter(django_filters.FilterSet):
    """Reviews to come: by when they are due, cohort and commissioner. `today` is the day they are read on."""

    due = django_filters.ChoiceFilter(
        label="Due",
        choices=[
            (OVERDUE, "Overdue"),
            (SOON, f"In the next {WEEKS_AHEAD} weeks"),
            (PLANNED, "A day is planned"),
            (ANY, "At any time"),
        ],
        empty_label=f"Overdue, or in the next {WEEKS_AHEAD} weeks",
    )
    due_by = NhsDateFilter(label="Due by", required=False, help_text="For example, 31 3 2027")
    cohort = django_filters.ModelChoiceFilter(label="Cohort", queryset=Cohort.objects.none(), empty_label="All")
    commissioner = django_filters.ModelChoiceFilter(
        label="Commissioner", queryset=Commissioner.objects.none(), empty_label="All"
    )

    class Meta:
        model = ReviewDue
        form = ReviewFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, queryset: ReviewDueQuerySet, *, user: User, today: dt.date) -> None:
        super().__init__(data, queryset)
        self.today = today
        self.filters["cohort"].queryset = cohorts_for(user, Permission.VIEW_BUDGETS)
        self.filters["commissioner"].queryset = commissioners_of(user, Permission.VIEW_BUDGETS).bodies()

    def filter_queryset(self, queryset: ReviewDueQuerySet) -> ReviewDueQuerySet:
        """The rows that the filters leave; none where a filter cannot be read."""
        if not self.form.is_valid():
            return queryset.none()
        chosen = self.form.cleaned_data
        rows = _due_as(queryset, chosen["due"], self.today)
        if chosen["due_by"]:
            rows = rows.filter(due_on__lte=chosen["due_by"])
        if chosen["cohort"]:
            rows = rows.filter(phb__cohort=chosen["cohort"])
        if chosen["commissioner"]:
            rows = rows.filter(commissioner=chosen["commissioner"])
        return rows


def _due_as(rows: ReviewDueQuerySet, chosen: str, today: dt.date) -> ReviewDueQuerySet:
    if chosen == OVERDUE:
        return rows.filter(due_on__lt=today)
    until = today + dt.timedelta(weeks=WEEKS_AHEAD)
    if chosen == SOON:
        return rows.filter(due_on__gte=today, due_on__lte=until)
    if chosen == PLANNED:
        return rows.filter(phb__review_draft__planned_for__isnull=False)
    return rows if chosen == ANY else rows.filter(due_on__lte=until)
