"""Filters of this room's lists."""

from typing import Any

import django_filters

from phb_register import audit
from phb_register.forms import NhsDateField, NhsForm
from phb_register.models import AccessLogEntry


def in_words(form: Any) -> list[tuple[str, str]]:
    """Each field of a valid form of filters and what was chosen, for the head of a file."""
    words = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        keys = {str(getattr(value, part)) for part in ("pk", "code") if hasattr(value, part)} or {str(value or "")}
        words.append((str(field.label), next((labels[key] for key in keys if key in labels), str(value or "All"))))
    return words


def in_codes(form: Any) -> dict[str, str]:
    """The filters chosen, as codes for the access log."""
    return {name: str(getattr(value, "code", value)) for name, value in form.cleaned_data.items() if value}


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
