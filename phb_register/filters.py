"""Filters of this room's lists."""

import django_filters

from phb_register import audit
from phb_register.forms import NhsDateField, NhsForm
from phb_register.models import AccessLogEntry


class _AccessLogForm(NhsForm):
    submit_text = "Show"
    form_method = "get"
    mark_optional = False


class NhsDateFilter(django_filters.Filter):
    """A filter by a date typed in three boxes."""

    field_class = NhsDateField


class AccessLogFilter(django_filters.FilterSet):
    """The access log by who, what and when."""

    actor = django_filters.CharFilter(
        label="E-mail address of the user", field_name="actor__email", lookup_expr="icontains"
    )
    action = django_filters.ChoiceFilter(
        label="What was done",
        choices=[
            (audit.READ, "Read"),
            (audit.LIST, "List"),
            (audit.EXPORT, "Export"),
            ("sign-in", "Sign-in"),
            ("sign-in-failed", "Failed sign-in"),
        ],
        empty_label="Anything",
    )
    since = NhsDateFilter(label="From this day", field_name="at", lookup_expr="date__gte", required=False)

    class Meta:
        model = AccessLogEntry
        form = _AccessLogForm
        fields: tuple[str, ...] = ()
