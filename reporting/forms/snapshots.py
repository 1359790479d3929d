"""Forms of snapshots: which date to freeze, why to restate, which two to compare."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from phb_register.forms import TODAY, NhsDateField, NhsForm
from phb_register.presenters import spoken_date
from reporting.models import Snapshot
from reporting.rules import EARLIEST_AS_AT


class FreezeForm(NhsForm):
    """The date whose figures are frozen."""

    submit_text = "Freeze the figures"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date"}

    as_at = NhsDateField(
        label="As at the end of",
        earliest=EARLIEST_AS_AT,
        latest=TODAY,
        help_text="For a quarter, its last day: 30 June, 30 September, 31 December or 31 March",
    )
    reason = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the figures are for",
    )


class RestateForm(NhsForm):
    """Why the figures of a date are frozen anew."""

    submit_text = "Restate the figures"

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever sees the restated figures sees it. Name nobody",
    )


class CompareForm(NhsForm):
    """Two snapshots to hold side by side; `?before=…&after=…` by their references."""

    submit_text = "Compare"
    form_method = "get"
    mark_optional = False

    before = forms.ChoiceField(label="From")
    after = forms.ChoiceField(label="To")

    def __init__(self, *args: Any, snapshots: Sequence[Snapshot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_class = "app-filters"
        self.snapshots = {str(each.reference): each for each in snapshots}
        choices = [(key, snapshot_words(each)) for key, each in self.snapshots.items()]
        for name in ("before", "after"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        # What is asked first: the latest against the one before it.
        self.fields["before"].initial = choices[1][0] if len(choices) > 1 else None

    def clean(self) -> dict[str, Any]:
        """One snapshot cannot be compared with itself."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("before") and cleaned.get("before") == cleaned.get("after"):
            self.add_error("after", "Select another snapshot to compare with")
        return cleaned


def snapshot_words(snapshot: Snapshot) -> str:
    """A snapshot as it is chosen from a list."""
    frozen: dt.date = snapshot.frozen_at.date()
    return f"{spoken_date(snapshot.as_at)}, snapshot {snapshot.number}, frozen {spoken_date(frozen)}"
