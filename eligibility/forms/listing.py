"""Filters and the search of the referral list."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from eligibility.enums import AsksFor, ReferralStatus
from eligibility.models import Referral
from eligibility.models.referrals import ReferralQuerySet
from offers.models import Cohort
from offers.selectors import cohorts_for
from phb_register.filters import NhsDateFilter
from phb_register.forms import NhsForm
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of

ME, NOBODY = "me", "nobody"
DUE = (("overdue", "Overdue"), ("week", "Within a week"), ("later", "Later"))
PAUSED = (("yes", "Paused"), ("no", "Runs"))


class ReferralFilterForm(NhsForm):
    """The form of the filters: in the address, because they name nobody."""

    form_method = "get"
    submit_text = "Filter"
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_class = "app-filters"


def _cohorts(request: HttpRequest) -> QuerySet[Cohort]:
    return cohorts_for(request.user, Permission.VIEW_REFERRALS)


def _commissioners(request: HttpRequest) -> QuerySet[Commissioner]:
    return commissioners_of(request.user, Permission.VIEW_REFERRALS).bodies()


class ReferralFilter(django_filters.FilterSet):
    """The one definition of which referrals a page or a file shows. Give it the request, for the user's choices."""

    status = django_filters.ChoiceFilter(label="Status", choices=ReferralStatus.choices, empty_label="All")
    cohort = django_filters.ModelChoiceFilter(
        label="Cohort", queryset=_cohorts, to_field_name="code", empty_label="All"
    )
    commissioner = django_filters.ModelChoiceFilter(
        label="Commissioner", queryset=_commissioners, to_field_name="code", empty_label="All"
    )
    asks_for = django_filters.ChoiceFilter(label="Asks for", choices=AsksFor.choices, empty_label="All")
    allocated_to = django_filters.ChoiceFilter(label="Allocated to", method="_allocated_to", empty_label="Anybody")
    due = django_filters.ChoiceFilter(
        label="Due", choices=DUE, method="_due", empty_label="At any time", help_text="Of those whose clock runs."
    )
    paused = django_filters.ChoiceFilter(label="Clock", choices=PAUSED, method="_paused", empty_label="All")
    received_from = NhsDateFilter(
        label="Received on or after", field_name="received_on", lookup_expr="gte", required=False
    )
    received_to = NhsDateFilter(
        label="Received on or before", field_name="received_on", lookup_expr="lte", required=False
    )

    class Meta:
        model = Referral
        form = ReferralFilterForm
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any,
        queryset: ReferralQuerySet,
        *,
        request: HttpRequest,
        team: Iterable[User],
        today: dt.date,
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.today = today
        names = [(str(each.pk), each.full_name) for each in team]
        self.filters["allocated_to"].extra["choices"] = [(ME, "You"), (NOBODY, "Nobody"), *names]

    def _allocated_to(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        if value == NOBODY:
            return rows.filter(allocated_to__isnull=True)
        return rows.filter(allocated_to=self.request.user.pk if value == ME else int(value))

    def _due(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        if value == "overdue":
            return rows.overdue(self.today)
        return rows.due_soon(self.today) if value == "week" else rows.due_later(self.today)

    def _paused(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return rows.running() if value == "no" else rows.paused()
