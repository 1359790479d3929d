"""The form that lays a payment file out: a place and a heading for each column that may stand in it."""

from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms

from budgets.payment_enums import FileDateFormat, FileKind
from budgets.rules.payment_files import LONGEST_HEADER, Chosen, Layout, check_layout, columns_for
from phb_register.forms import Actions, Radios

from .agreement import BudgetForm

_PLACE = {"class": "nhsuk-input--width-2", "inputmode": "numeric"}


class FileLayoutForm(BudgetForm):
    """Which columns a file has, in which order, with which headings, and how it writes dates."""

    submit_text = "Save the layout"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"date_format": "how dates are written"}

    date_format = forms.ChoiceField(label="How are dates written?", choices=FileDateFormat.choices, widget=Radios())
    has_headings = forms.BooleanField(label="The first row holds the headings", required=False)
    has_control_totals = forms.BooleanField(label="The last row holds the control totals", required=False)

    def __init__(self, *args: Any, kind: FileKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        offered = columns_for(kind)
        for column in offered:
            place = forms.IntegerField(
                label=f"Place of {column.title}",
                min_value=1,
                max_value=len(offered),
                required=False,
                widget=forms.TextInput(attrs=_PLACE),
            )
            header = forms.CharField(
                label=f"Heading of {column.title}",
                max_length=LONGEST_HEADER,
                required=False,
                widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20"}),
            )
            for name, field in ((f"{column.code}_place", place), (f"{column.code}_header", header)):
                self.fields[name] = field
                self.word_field(name, field)

    def layout_parts(self) -> list[Any]:
        """Column by column, then how all of it is written."""
        columns = [
            Fieldset(column.title, f"{column.code}_place", f"{column.code}_header") for column in columns_for(self.kind)
        ]
        whole = Fieldset("The whole file", "date_format", "has_headings", "has_control_totals")
        return [whole, *columns, Actions(self.submit_text, cancel_url=self.cancel_url)]

    @staticmethod
    def initial_of(layout: Layout) -> dict[str, Any]:
        """A layout as it is typed."""
        initial: dict[str, Any] = {
            "date_format": layout.date_format,
            "has_headings": layout.has_headings,
            "has_control_totals": layout.has_control_totals,
        }
        for column in columns_for(layout.kind):
            initial[f"{column.code}_header"] = column.title
        for place, chosen in enumerate(layout.columns, start=1):
            initial[f"{chosen.code}_place"] = place
            initial[f"{chosen.code}_header"] = chosen.header
        return initial

    def clean(self) -> dict[str, Any]:
        """Each place is given once, and the layout holds what a file needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        places = [cleaned.get(f"{column.code}_place") for column in columns_for(self.kind)]
        for column, place in zip(columns_for(self.kind), places, strict=True):
            if place is not None and places.count(place) > 1:
                self.add_error(f"{column.code}_place", f"Enter a place of its own for {column.title}")
        if not self.errors:
            self.add_problems(check_layout(self.chosen()))
        return cleaned

    def chosen(self) -> Layout:
        """The layout as it was typed."""
        cleaned = self.cleaned_data
        placed = sorted(
            (cleaned[f"{column.code}_place"], column.code)
            for column in columns_for(self.kind)
            if cleaned.get(f"{column.code}_place")
        )
        return Layout(
            kind=self.kind,
            columns=tuple(Chosen(code, cleaned[f"{code}_header"]) for _, code in placed),
            date_format=FileDateFormat(cleaned["date_format"]),
            has_headings=cleaned["has_headings"],
            has_control_totals=cleaned["has_control_totals"],
        )
