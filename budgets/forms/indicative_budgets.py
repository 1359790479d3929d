"""The sheet an indicative budget is worked out from: rows of care, other lines, and what holds for all of them.

A row is some care on some days of the week, so that a week takes a few rows and not a box for every hour. Rows are
added by a button that sends the sheet and gives it back with one more, so it works without script.
"""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from budgets.exceptions import BudgetRefused
from budgets.forms.agreement import BudgetForm
from budgets.models import IndicativeBudget
from budgets.rules.indicative_budget_checks import MOST_PERSONAL_ASSISTANTS
from budgets.rules.indicative_budgets import DAYS, CareRow, OtherRow, Period, Worksheet
from budgets.rules.rate_cards import CareKind, DeliveredBy
from phb_register.forms import AffixedInput, Checkboxes, MoneyField, NhsDateField, Radios

MOST_ROWS = 30
_NARROW = {"class": "nhsuk-input--width-4", "inputmode": "decimal", "spellcheck": "false"}
#: What a further row starts with; nobody has typed it, so a row that holds nothing else is empty.
_NEW_ROW = {"care": {"carers": "1", "delivered_by": DeliveredBy.AGENCY.value}, "others": {"period": "weekly"}}


class _Row(BudgetForm):
    """One row. Where nothing is typed in it, it is passed over; one that is removed need not be right."""

    submit_text = None
    mark_optional = False
    typed: tuple[str, ...] = ()

    def has_changed(self) -> bool:
        """Whether anything is typed in it, beyond what a new row starts with."""
        return any(self[name].data not in (None, "", []) for name in self.typed)

    def clean(self) -> dict[str, Any]:
        """A row that is removed has nothing wrong with it."""
        cleaned = super().clean() or {}
        if cleaned.get("is_removed"):
            self.errors.clear()
        return cleaned

    @property
    def is_filled(self) -> bool:
        """Whether it counts."""
        return bool(self.cleaned_data) and not self.cleaned_data.get("is_removed")


class CareRowForm(_Row):
    """Some care on some days of every week."""

    typed = ("kind", "days", "hours", "unpaid_hours")
    error_nouns = {
        "kind": "the kind of care",
        "days": "the days of the week",
        "carers": "how many carers",
        "delivered_by": "who gives the care",
        "unpaid_hours": "unpaid hours a day",
    }

    kind = forms.ChoiceField(label="Kind of care", choices=[("", "Select a kind"), *CareKind.choices])
    hours = forms.DecimalField(
        label="Hours a day",
        required=False,
        max_digits=4,
        decimal_places=2,
        help_text="For each carer. Leave empty for a sleep-in",
        widget=AffixedInput(attrs=_NARROW, suffix="hours"),
    )
    days = forms.TypedMultipleChoiceField(
        label="On these days",
        choices=[(str(place), name[:3]) for place, name in enumerate(DAYS)],
        coerce=int,
        widget=Checkboxes(is_inline=True, is_small=True),
    )
    unpaid_hours = forms.DecimalField(
        label="Of these, unpaid hours a day (optional)",
        required=False,
        min_value=0,
        max_digits=4,
        decimal_places=2,
        help_text="That family and friends give and want to go on giving. Of a sleep-in, 1 for a carer’s night",
        widget=AffixedInput(attrs=_NARROW, suffix="hours"),
    )
    carers = forms.TypedChoiceField(
        label="Carers at a time",
        choices=[("1", "One"), ("2", "Two")],
        coerce=int,
        widget=Radios(is_inline=True, is_small=True),
        initial="1",
    )
    delivered_by = forms.ChoiceField(
        label="Given by",
        choices=DeliveredBy.choices,
        widget=Radios(is_inline=True, is_small=True),
        initial=DeliveredBy.AGENCY.value,
    )
    is_removed = forms.BooleanField(label="Remove this row", required=False)

    def clean(self) -> dict[str, Any]:
        """Every kind but a sleep-in has hours."""
        cleaned = super().clean()
        is_asked = cleaned.get("kind") not in (None, CareKind.SLEEP_IN) and "hours" not in self.errors
        if is_asked and cleaned.get("hours") is None and not cleaned.get("is_removed"):
            self.add_error("hours", "Enter hours a day")
        return cleaned

    def row(self) -> CareRow:
        """As the rules take it."""
        given = self.cleaned_data
        return CareRow(
            days=frozenset(given["days"]),
            kind=given["kind"],
            hours=Decimal(1) if given["hours"] is None else given["hours"],
            carers=given["carers"],
            unpaid_hours=given["unpaid_hours"] or Decimal(0),
            delivered_by=given["delivered_by"],
        )


class OtherRowForm(_Row):
    """A line that is no care by the hour."""

    typed = ("label", "amount", "reason")
    error_nouns = {"label": "what the line is for", "period": "how often", "reason": "where the amount comes from"}

    label = forms.CharField(label="What is it for?", max_length=200)
    amount = MoneyField(label="Amount")
    period = forms.ChoiceField(
        label="How often?",
        choices=Period.choices,
        widget=Radios(is_inline=True, is_small=True),
        initial=Period.WEEKLY.value,
    )
    reason = forms.CharField(label="Where does the amount come from?", max_length=300, help_text="A quote, for example")
    is_removed = forms.BooleanField(label="Remove this line", required=False)

    def row(self) -> OtherRow:
        """As the rules take it."""
        given = self.cleaned_data
        return OtherRow(given["label"], given["period"], given["amount"], given["reason"])


class SheetForm(BudgetForm):
    """What holds for the whole sheet."""

    submit_text = None

    key = forms.UUIDField(widget=forms.HiddenInput)
    rates_on = NhsDateField(
        label="With the rates of", help_text="The day the budget would start. The rate card in force then is used"
    )
    previous_annual_amount = MoneyField(
        label="What the package it replaces costs a year",
        required=False,
        help_text="All of it, in pounds and pence. Leave empty if there is none",
    )
    personal_assistants = forms.IntegerField(
        label="Personal assistants employed",
        required=False,
        min_value=0,
        max_value=MOST_PERSONAL_ASSISTANTS,
        help_text="How many people share the care that is given by employed personal assistants",
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-3"}),
    )
    has_starting_costs = forms.BooleanField(
        label="Include what it costs to start employing", required=False, help_text="Leave out what was paid before"
    )
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class _RowSet(forms.BaseFormSet):
    """Rows, any of which may be left empty."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Also of a row that was there before."""
        return {**super().get_form_kwargs(index), "empty_permitted": True}


_ROWS = {"formset": _RowSet, "extra": 1, "max_num": MOST_ROWS, "absolute_max": MOST_ROWS}
CareFormSet = forms.formset_factory(CareRowForm, **_ROWS)  # type: ignore[arg-type]
OtherFormSet = forms.formset_factory(OtherRowForm, **_ROWS)  # type: ignore[arg-type]


class Sheet:
    """The three together, as one page sends them."""

    def __init__(self, data: QueryDict | None, *, initial: dict[str, Any]) -> None:
        self.added = next((name for name in _NEW_ROW if data is not None and f"add-{name}" in data), None)
        if data is not None and self.added:
            data = _with_another(data, self.added)
        care, others = initial.get("care", []), initial.get("others", [])
        self.form = SheetForm(data, initial=initial)
        self.care = CareFormSet(data, prefix="care", initial=care)
        self.others = OtherFormSet(data, prefix="others", initial=others)
        for form in self.every_form():
            # One form around them all, with one token.
            form.helper.form_tag = False
            form.helper.disable_csrf = True
            if self.added:
                # Only given back with another row: nothing of it is checked yet.
                form._errors = ErrorDict()

    def every_form(self) -> Iterable[Any]:
        """The rows of care, the other lines and the sheet: in the order of the page."""
        yield from (*self.care, *self.others, self.form)

    def is_valid(self) -> bool:
        """Whether it was sent to be worked out, and every part of it is right by itself."""
        if self.added:
            return False
        return all([self.form.is_valid(), self.care.is_valid(), self.others.is_valid()])

    def has_errors(self) -> bool:
        """Whether anything on the page is wrong."""
        return self.form.is_bound and not self.added and any(form.errors for form in self.every_form())

    def worksheet(self) -> Worksheet:
        """As the rules take it."""
        given = self.form.cleaned_data
        return Worksheet(
            care=tuple(form.row() for form in self.care if form.is_filled),
            others=tuple(form.row() for form in self.others if form.is_filled),
            personal_assistants=given["personal_assistants"] or 0,
            has_starting_costs=given["has_starting_costs"],
        )

    def show(self, refusal: BudgetRefused) -> None:
        """Put each problem beside its field: of the sheet, or of the row whose place it names."""
        for problem in refusal.problems:
            part, _, rest = problem.field.partition("-")
            place, _, field = rest.partition("-")
            if part in _NEW_ROW:
                filled = [form for form in (self.care if part == "care" else self.others) if form.is_filled]
                filled[int(place)].add_error(field, problem.message)
            else:
                self.form.add_problems([problem])


def _with_another(data: QueryDict, part: str) -> QueryDict:
    """What was sent, with one more row of a part."""
    more = data.copy()
    total = f"{part}-TOTAL_FORMS"
    sent = str(data.get(total, ""))
    count = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 5 else 0
    if count < MOST_ROWS:
        more[total] = str(count + 1)
        for name, value in _NEW_ROW[part].items():
            more[f"{part}-{count}-{name}"] = value
    return more


def sheet_initial(before: IndicativeBudget | None, **given: Any) -> dict[str, Any]:
    """What a new sheet begins with: what was entered last time, with a key of its own."""
    initial: dict[str, Any] = {"key": uuid.uuid4(), "has_starting_costs": True, **given}
    if before is None:
        return initial
    sheet = before.as_worksheet()
    care = [
        {
            "kind": row.kind,
            "days": [str(day) for day in sorted(row.days)],
            "hours": None if row.kind == CareKind.SLEEP_IN else f"{row.hours.normalize():f}",
            "carers": str(row.carers),
            "unpaid_hours": f"{row.unpaid_hours.normalize():f}" if row.unpaid_hours else None,
            "delivered_by": row.delivered_by,
        }
        for row in sheet.care
    ]
    others = [
        {"label": row.label, "period": row.period, "amount": row.amount, "reason": row.reason} for row in sheet.others
    ]
    return {
        **initial,
        "previous_annual_amount": before.previous_annual_amount,
        "personal_assistants": sheet.personal_assistants or None,
        "has_starting_costs": sheet.has_starting_costs,
        "care": care,
        "others": others,
    }
