"""Forms of the equity lens: of whom and which answers, and people counted by group."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms

from budgets.models import OutcomeScale
from offers.models import Cohort
from phb_register.forms import TODAY, NhsDateField, NhsForm
from reporting.forms.figures import AsAtForm
from reporting.rules.equity_groups import GROUPS, Characteristic, groups_to_count

_LINE = re.compile(r"(?P<group>.+?)\s*[\t;:,]\s*(?P<people>[0-9][0-9, ]*)")
_MOST = 99_999_999


class KnownForm(AsAtForm):
    """The as-at date, and the day whose knowledge is asked for."""

    dates: ClassVar[tuple[str, ...]] = ("as_at", "known_on")

    known_on = NhsDateField(
        label="As the register knew it at the end of",
        required=False,
        latest=TODAY,
        help_text="Empty: as it is known today",
    )

    def known_on_date(self) -> dt.date | None:
        """The day whose knowledge is asked for; None for today."""
        found: dt.date | None = self.cleaned_data.get("known_on")
        return found


class EquityForm(KnownForm):
    """Of whom, and whose answers: everybody or a cohort; one question. `is_controlled`: without what was known when."""

    error_nouns: ClassVar[dict[str, str]] = {
        "as_at": "as-at date",
        "known_on": "date as known on",
        "cohort": "of whom",
        "question": "a question",
    }

    of_everybody: ClassVar[tuple[str, ...]] = ("as_at", "cohort", "question")

    cohort = forms.ChoiceField(label="Of whom", required=False)
    question = forms.ChoiceField(label="Answers to", required=False)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        cohorts: list[Cohort],
        questions: list[OutcomeScale],
        is_controlled: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self._choose("cohort", [("", "Everybody with a budget"), *((each.code, each.name) for each in cohorts)])
        self._choose("question", [(str(each.reference), f"{each.name}: {each.question}") for each in questions])
        if not questions:
            del self.fields["question"]
        if is_controlled:
            del self.fields["known_on"]
        self._lay_out()
        self._cohorts = {each.code: each for each in cohorts}
        self.questions = questions

    @property
    def chosen_cohort(self) -> Cohort | None:
        """The cohort asked for; None for everybody."""
        return self._cohorts.get(self.cleaned_data.get("cohort", ""))

    @property
    def chosen_question(self) -> str:
        """The reference of the question asked for."""
        return str(self.cleaned_data.get("question", ""))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


class GroupForm(KnownForm):
    """Which group's people: of everybody or of a cohort."""

    error_nouns: ClassVar[dict[str, str]] = {
        "as_at": "as-at date",
        "known_on": "date as known on",
        "characteristic": "a characteristic",
    }

    cohort = forms.ChoiceField(label="Of whom", required=False)
    characteristic = forms.ChoiceField(label="By", choices=Characteristic.choices)
    group = forms.CharField(label="Group", max_length=80)

    def __init__(self, data: Any = None, *args: Any, cohorts: list[Cohort], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", "Everybody with a budget"), *((each.code, each.name) for each in cohorts)]
        self._cohorts = {each.code: each for each in cohorts}

    def clean(self) -> dict[str, Any]:
        """A group of a closed list is one of its groups."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        which, group = str(cleaned.get("characteristic")), cleaned.get("group")
        if which in GROUPS and group and group not in GROUPS[which]:
            self.add_error("group", f"“{group[:40]}” is no group here. Choose one of: {', '.join(GROUPS[which])}")
        return cleaned

    @property
    def chosen_cohort(self) -> Cohort | None:
        """The cohort asked for; None for everybody."""
        return self._cohorts.get(self.cleaned_data.get("cohort", ""))

    @property
    def chosen_characteristic(self) -> Characteristic:
        """The characteristic asked for."""
        return Characteristic(self.cleaned_data["characteristic"])

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed to, beside the date."""
        return {key: value for key, value in self.cleaned_data.items() if key not in self.dates and value}


class GroupCountsForm(NhsForm):
    """How many people of each group of one characteristic could have a budget, a line each."""

    submit_text = "Save counts"
    error_nouns: ClassVar[dict[str, str]] = {
        "cohort": "of whom",
        "characteristic": "a characteristic",
        "counted_on": "the date of the count",
        "groups": "the people of each group",
    }

    cohort: Any = forms.ModelChoiceField(
        label="Of whom", queryset=None, to_field_name="code", empty_label="The whole population", required=False
    )
    characteristic = forms.ChoiceField(label="By", choices=Characteristic.choices)
    counted_on = NhsDateField(label="Counted on", latest=TODAY, help_text="For example, 21 3 2021")
    groups = forms.CharField(
        label="People in each group",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="A line for each group: its name or code, a comma or a tab, and the number of people. "
        "A group that was not counted has no line. For example: Female, 512,300",
    )
    source = forms.CharField(label="Source", max_length=300, help_text="Where the count comes from")

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = cohorts

    def clean(self) -> dict[str, Any]:
        """Read the lines once it is known which groups there are."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("characteristic") and cleaned.get("groups"):
            cleaned["counts"] = self._read(cleaned["characteristic"], cleaned["groups"])
        return cleaned

    def counts(self) -> dict[str, Any]:
        """What the service takes."""
        return {key: value for key, value in self.cleaned_data.items() if key != "groups"}

    def _read(self, characteristic: str, text: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in filter(None, (each.strip() for each in text.splitlines())):
            matched = _LINE.fullmatch(line)
            group = _group(characteristic, matched["group"]) if matched else None
            people = int(re.sub("[, ]", "", matched["people"])) if matched else 0
            if matched is None:
                self.add_error("groups", f"“{line[:60]}”: write the group, a comma and the number of people")
            elif group is None:
                known = ", ".join(groups_to_count(characteristic).values())
                self.add_error("groups", f"“{matched['group'][:60]}” is no group here. The groups are: {known}")
            elif group in found:
                self.add_error("groups", f"“{matched['group'][:60]}” stands here twice. Keep one line of each group")
            elif people > _MOST:
                self.add_error("groups", f"“{line[:60]}”: check the number of people")
            else:
                found[group] = people
        return found


def _group(characteristic: str, text: str) -> str | None:
    """The code of a group by its code or words; a locality is any name of up to 80 characters."""
    if characteristic == Characteristic.LOCALITY:
        return text if len(text) <= 80 and text != "not-known" else None
    known = {_key(label): code for code, label in groups_to_count(characteristic).items()}
    known |= {_key(code): code for code in groups_to_count(characteristic)}
    return known.get(_key(text))


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def start_of(characteristic: str) -> str:
    """The lines to begin with: the groups that are always counted, each waiting for its number."""
    if characteristic not in GROUPS:
        return ""
    return "\n".join(f"{label}, " for label in groups_to_count(characteristic).values())
