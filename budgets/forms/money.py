"""What the pages of money are narrowed to: a financial year, a cohort, a method, and whose money."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from offers.models import Cohort
from phb_register.dates import FinancialYear
from phb_register.forms import NhsForm

WHOLE, NHS = "", "nhs"
PARTS = ((WHOLE, "All funders"), (NHS, "The NHS part"))


class YearForm(NhsForm):
    """Which financial year; `?year=2026` is 2026/27."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"year": "a financial year"}

    year = forms.ChoiceField(label="Financial year", required=False)

    def __init__(self, data: Any = None, *args: Any, years: Sequence[FinancialYear], **kwargs: Any) -> None:
        super().__init__(_with_year(data, years[0]), *args, **kwargs)
        self._choose("year", [(str(each.begins), each.label) for each in years])
        self.latest = years[0].begins
        self.__dict__.pop("helper", None)
        self.helper.form_class = "app-filters"

    def begins(self) -> int:
        """The calendar year in which the chosen financial year begins; the present one where none was chosen."""
        return int(self.cleaned_data.get("year") or self.latest)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


class MoneyForm(YearForm):
    """The same with a cohort, a method, and all funders or the NHS part."""

    error_nouns: ClassVar[dict[str, str]] = {
        **YearForm.error_nouns, "cohort": "a cohort", "method": "a method", "part": "whose money",
    }  # fmt: skip

    cohort = forms.ChoiceField(label="Cohort", required=False)
    method = forms.ChoiceField(label="Method", required=False, choices=[("", "All"), *Method.choices])
    part = forms.ChoiceField(label="Whose money", required=False, choices=PARTS)

    def __init__(self, data: Any = None, *args: Any, cohorts: Sequence[Cohort], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self._choose("cohort", [("", "All"), *((each.code, each.name) for each in cohorts)])
        self.cohorts = {each.code: each for each in cohorts}

    @property
    def cohort_chosen(self) -> Cohort | None:
        """The cohort, where one was chosen."""
        return self.cohorts.get(self.cleaned_data.get("cohort", ""))

    @property
    def is_nhs(self) -> bool:
        """Whether only the NHS part is asked for."""
        return bool(self.cleaned_data.get("part") == NHS)

    def in_words(self) -> list[tuple[str, str]]:
        """Each filter and what was chosen, for the head of a file."""
        return [
            (str(field.label), str(dict(field.choices).get(self.cleaned_data.get(name) or "", "")))  # type: ignore[attr-defined]
            for name, field in self.fields.items()
        ]

    def in_codes(self) -> dict[str, str]:
        """The filters chosen, as codes for the access log and for addresses."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _with_year(data: Any, latest: FinancialYear) -> Any:
    """The address with the year that is shown where it names none, so that the form shows it too."""
    if data is None or data.get("year"):
        return data
    filled = data.copy()
    filled["year"] = str(latest.begins)
    return filled
