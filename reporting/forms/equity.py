"""Forms of the equity lens: of whom and which answers, and people counted by group."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.models import OutcomeScale
from offers.models import Cohort
from phb_register.forms import TODAY, NhsDateField, NhsForm
from reporting.forms.figures import NOT_FOR_EVERYBODY, FiguresForm
from reporting.rules.equity_groups import GROUPS, Answers, Characteristic, groups_to_count
from reporting.rules.filters import Filters

_LINE = re.compile(r"(?P<group>.+?)\s*[\t;:,]\s*(?P<people>[0-9][0-9, ]*)")
_MOST = 99_999_999


class LensForm(FiguresForm):
    """The dates and what is narrowed to, as on the dashboard; of whom: everybody with a budget in place, or a cohort.

    A cohort is that of a budget in place, of people who live at home: it is divided by its own counts.
    """

    error_nouns: ClassVar[dict[str, str]] = {**FiguresForm.error_nouns, "cohort": "of whom"}

    cohort = forms.ChoiceField(label="Of whom", required=False)

    def __init__(self, data: Any = None, *args: Any, cohorts: Sequence[Cohort], **kwargs: Any) -> None:
        super().__init__(data, *args, cohorts=cohorts, **kwargs)
        self._choose("cohort", [("", "Everybody with a budget"), *((each.code, each.name) for each in cohorts)])
        self._cohorts = {each.code: each for each in cohorts}

    @property
    def chosen_cohort(self) -> Cohort | None:
        """The cohort asked for; None for everybody."""
        return self._cohorts.get(self.cleaned_data.get("cohort", ""))

    def only(self) -> Filters:
        """What is narrowed to, beside the cohort."""
        return super().only().without("cohort")


class EquityForm(LensForm):
    """The same with whose answers: one question. `is_controlled`: without what was known when, and without filters."""

    error_nouns: ClassVar[dict[str, str]] = {**LensForm.error_nouns, "question": "a question"}
    of_everybody: ClassVar[tuple[str, ...]] = ("as_at", "cohort", "question")

    question = forms.ChoiceField(label="Answers to", required=False)

    def __init__(
        self, data: Any = None, *args: Any, questions: Sequence[OutcomeScale], is_controlled: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self._choose("question", [(str(each.reference), f"{each.name}: {each.question}") for each in questions])
        if not questions:
            del self.fields["question"]
        self._not_theirs = [each for each in self.fields if each not in self.of_everybody] if is_controlled else []
        for name in self._not_theirs:
            del self.fields[name]
        self._lay_out()
        self.questions = questions

    def clean(self) -> dict[str, Any]:
        """Readers of controlled figures are told where an address asks for a part that they do not get."""
        cleaned = super().clean()
        asked = {part for name in self.data for part in (name, name.rpartition("_")[0]) if self.data[name]}
        if asked.intersection(self._not_theirs):
            self.add_error(None, NOT_FOR_EVERYBODY)
        return cleaned

    @property
    def chosen_question(self) -> str:
        """The reference of the question asked for."""
        return str(self.cleaned_data.get("question", ""))


class GroupForm(LensForm):
    """Which group's people: all of them, or those who answered a question in a way."""

    error_nouns: ClassVar[dict[str, str]] = {
        **LensForm.error_nouns,
        "characteristic": "a characteristic",
        "answers": "answers",
    }

    characteristic = forms.ChoiceField(label="By", choices=Characteristic.choices, widget=forms.HiddenInput())
    group = forms.CharField(label="Group", max_length=80, widget=forms.HiddenInput())
    question = forms.UUIDField(label="Question", required=False, widget=forms.HiddenInput())
    answers = forms.ChoiceField(
        label="Answers", required=False, choices=[("", "All"), *Answers.choices], widget=forms.HiddenInput()
    )

    def clean(self) -> dict[str, Any]:
        """A group of a closed list is one of its groups; answers are to a question."""
        cleaned = super().clean()
        which, group = str(cleaned.get("characteristic")), cleaned.get("group")
        if which in GROUPS and group and group not in GROUPS[which]:
            self.add_error("group", f"“{group[:40]}” is no group here. Choose one of: {', '.join(GROUPS[which])}")
        if cleaned.get("answers") and not cleaned.get("question") and "question" not in self.errors:
            self.add_error("question", "Choose the question that was answered, from the page of equity")
        return cleaned

    @property
    def chosen_characteristic(self) -> Characteristic:
        """The characteristic asked for."""
        return Characteristic(self.cleaned_data["characteristic"])

    @property
    def chosen_answers(self) -> Answers | None:
        """Whose people, of those who answered; None for all with a budget."""
        return Answers(found) if (found := self.cleaned_data.get("answers")) else None

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed to, beside the dates and filters."""
        names = ("cohort", "characteristic", "group", "question", "answers")
        return {name: str(value) for name in names if (value := self.cleaned_data.get(name))}


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
