"""Filters of the list of monitoring returns."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet

from budgets.enums import Method
from budgets.models import MonitoringReturn
from budgets.models.monitoring import MonitoringReturnQuerySet
from budgets.rules.monitoring_states import ReturnStatus, RiskLevel
from phb_register.forms import NhsForm
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of

OVERDUE = "overdue"


class _ReturnFilterForm(NhsForm):
    form_method = "get"
    submit_text = "Filter"
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_class = "app-filters"


class ReturnFilter(django_filters.FilterSet):
    """Which returns the list shows: by status, risk level, method and commissioner."""

    status = django_filters.ChoiceFilter(
        label="Status",
        choices=[(OVERDUE, "Overdue"), *ReturnStatus.choices],
        method="_status",
        empty_label="All",
    )
    risk_level = django_filters.ChoiceFilter(label="Risk level", choices=RiskLevel.choices, empty_label="All")
    method = django_filters.ChoiceFilter(
        label="Method",
        field_name="schedule__method",
        choices=[(each.value, each.label) for each in (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)],
        empty_label="All",
    )
    commissioner = django_filters.ModelChoiceFilter(
        label="Commissioner",
        field_name="schedule__phb__commissioner",
        queryset=lambda request: Commissioner.objects.none(),
        to_field_name="code",
        empty_label="All",
    )

    class Meta:
        model = MonitoringReturn
        form = _ReturnFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, queryset: MonitoringReturnQuerySet, *, today: dt.date, user: User) -> None:
        super().__init__(data, queryset)
        self.today = today
        self.filters["commissioner"].extra["queryset"] = commissioners_of(user, Permission.VIEW_PAYMENTS).bodies()

    def _status(self, rows: MonitoringReturnQuerySet, name: str, value: str) -> QuerySet[MonitoringReturn]:
        return rows.overdue(self.today) if value == OVERDUE else rows.filter(status=value)

    @property
    def is_chosen(self) -> bool:
        """Whether anything is filtered by."""
        return any(self.data.get(name) for name in self.filters)
