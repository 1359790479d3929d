"""Forms of monitoring: schedules, returns, statement files, lines, receipts, savings, surpluses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method, ServiceCategory
from budgets.forms.agreement import BudgetForm
from budgets.models import StatementLine
from budgets.rules.matching import LineMatch, matches_for
from budgets.rules.monitoring_states import RiskLevel
from budgets.rules.statements import COLUMN_NAMES, LARGEST_FILE
from budgets.rules.surplus import SurplusDecision
from budgets.services.matching import Said
from phb_register.forms import Checkboxes, MoneyField, NhsDateField, Radios

_DATE_HINT = "For example, 31 3 2026"


def long_text(label: str, remedy: str, *, help_text: str = "", required: bool = True, rows: int = 4) -> forms.Field:
    """A field for sentences; ``remedy`` is what to do where it is left empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": remedy},
    )


class StepForm(BudgetForm):
    """A form that says when it happened: ``on``, the last field."""

    submit_text = "Save"
    error_nouns: ClassVar[Mapping[str, str]] = {"on": "date"}

    def add_day(self, label: str = "When was this?", name: str = "on") -> None:
        """Ask for the day, which may be in the past; today where nothing else is entered."""
        self.fields[name] = NhsDateField(label=label, help_text=_DATE_HINT, latest="today", initial=self.today)
        self.word_field(name, self.fields[name])

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        return self.cleaned_data


class TextStepForm(StepForm):
    """A step that needs a sentence: a question, an answer, a reason."""

    def __init__(self, *args: Any, name: str, label: str, remedy: str, button: str, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.fields[name] = long_text(label, remedy)
        self.word_field(name, self.fields[name])
        self.add_day()


class StartMonitoringForm(BudgetForm):
    """How often returns are due for money that is paid out."""

    submit_text = "Schedule returns"
    error_nouns = {"method": "which money returns are about", "risk_level": "the risk level"}

    method = forms.ChoiceField(label="Which money are the returns about?", widget=Radios)
    risk_level = forms.ChoiceField(
        label="How closely is the money looked at?", choices=RiskLevel.choices, widget=Radios
    )
    reason = long_text("Why this level?", "", required=False, help_text="Needed where the risk is high.", rows=3)
    starts_on = NhsDateField(label="First day the returns cover", help_text=_DATE_HINT)

    def __init__(self, *args: Any, methods: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(each, Method(each).label) for each in methods]  # type: ignore[attr-defined]
        if len(methods) == 1:
            self.fields["method"].initial = methods[0]


class RiskLevelForm(StepForm):
    """Look at the money more closely, or less."""

    submit_text = "Change the risk level"
    error_nouns = {"risk_level": "the risk level", "on": "date"}

    risk_level = forms.ChoiceField(
        label="How closely is the money looked at from now on?", choices=RiskLevel.choices, widget=Radios
    )
    reason = long_text("Why does the level change?", "Enter why the risk level changes")


class ReceiveForm(StepForm):
    """A return that came without a file."""

    submit_text = "Record the return"

    closing_balance = MoneyField(
        label="Balance at the end", min_value=None, help_text="What stood on the account after the last day covered"
    )
    note = long_text("Note", "", required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When did it arrive?")


class ReconcileForm(StepForm):
    """The end of a return."""

    submit_text = "Reconcile"

    def __init__(self, *args: Any, has_differences: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_differences:
            self.fields["difference_note"] = long_text(
                "What explains the differences?", "Enter what explains the differences"
            )
            self.word_field("difference_note", self.fields["difference_note"])
        self.add_day()


class StatementFileForm(StepForm):
    """The file of a statement."""

    submit_text = "Read the file"

    file = forms.FileField(
        label="Statement",
        help_text="A CSV file of at most 2 MB, as the bank exports it, with a date, a description, amounts and the "
        "balance after each line. Account numbers are not kept.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When did it arrive?", name="received_on")

    def clean_file(self) -> bytes:
        """The bytes of the file, no more of them than a statement has."""
        content: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return content


class ColumnsForm(BudgetForm):
    """Which column of a file is which."""

    submit_text = "Use these columns"

    def __init__(self, *args: Any, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None"), *((name, name) for name in header)]
        for field, label in COLUMN_NAMES.items():
            self.fields[field] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.word_field(field, self.fields[field])


class ConfirmForm(BudgetForm):
    """A button, and nothing to ask."""

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)


def match_choices(is_money_in: bool) -> list[tuple[str, str]]:
    """What a line can be, the categories of the plan among it."""
    found = []
    for match in matches_for(1 if is_money_in else -1):  # type: ignore[arg-type]
        if match == LineMatch.PLAN:
            found += [(f"plan:{each.value}", f"In the plan: {each.label}") for each in ServiceCategory]
        else:
            found.append((match.value, str(match.label)))
    return found


def said_by(value: str, note: str = "") -> Said:
    """What a choice of ``match_choices`` means."""
    match, _, category = value.partition(":")
    return Said(match, category, note)


class MatchForm(BudgetForm):
    """What each of a page of lines is. A line left open stays unmatched."""

    submit_text = "Save"
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        lines: Iterable[tuple[StatementLine, str]],
        suggested: Mapping[int, tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line_ids = []
        for line, label in lines:
            match, category = suggested.get(line.pk, (line.match, line.category))
            initial = f"{match}:{category}" if category else match
            self.line_ids.append(line.pk)
            self.fields[f"line_{line.pk}"] = forms.ChoiceField(
                label=label,
                help_text="Suggested by a rule" if line.pk in suggested else "",
                choices=[("", "Not matched yet"), *match_choices(line.amount > 0)],
                required=False,
                initial=initial,
            )
            self.fields[f"note_{line.pk}"] = forms.CharField(
                label="Note",
                required=False,
                max_length=200,
                initial=line.note,
                help_text="Needed where not in the plan",
            )
            for name in (f"line_{line.pk}", f"note_{line.pk}"):
                self.word_field(name, self.fields[name])

    def said(self) -> dict[int, Said]:
        """What was said of each line."""
        return {pk: said_by(self.cleaned_data[f"line_{pk}"], self.cleaned_data[f"note_{pk}"]) for pk in self.line_ids}

    def add_problems(self, problems: Sequence[Any]) -> None:
        """Each problem beside the line it is about."""
        for problem in problems:
            name = f"line_{problem.field}"
            self.add_error(name if name in self.fields else None, problem.message)


class ReceiptsForm(StepForm):
    """Which receipts were seen."""

    submit_text = "Record the receipts as seen"
    error_nouns = {"lines": "the receipts that you saw", "on": "date"}

    def __init__(self, *args: Any, lines: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"] = forms.TypedMultipleChoiceField(
            label="Which receipts have you seen?", choices=lines, widget=Checkboxes, coerce=int
        )
        self.word_field("lines", self.fields["lines"])
        self.add_day("When did you see them?")


class RuleForm(BudgetForm):
    """A rule that suggests what lines are."""

    submit_text = "Keep the rule"
    error_nouns = {"what": "what such a line is", "whose": "which statements it is for"}

    contains = forms.CharField(
        label="The description contains", max_length=80, help_text="At least 3 letters, in capitals or not"
    )
    what = forms.ChoiceField(
        label="What is such a line?",
        choices=[
            ("", "Select"),
            ("Money out", [(f"out/{value}", label) for value, label in match_choices(is_money_in=False)]),
            ("Money in", [(f"in/{value}", label) for value, label in match_choices(is_money_in=True)]),
        ],
    )

    def __init__(self, *args: Any, has_budget: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_budget:
            self.fields["whose"] = forms.ChoiceField(
                label="Which statements is it for?",
                choices=[("budget", "This budget’s only"), ("all", "Those of every budget of the commissioner")],
                widget=Radios,
                initial="budget",
                help_text="A rule for every budget names no person.",
            )
            self.word_field("whose", self.fields["whose"])

    def rule(self) -> dict[str, Any]:
        """What the service is called with, but for whose rule it is."""
        way, _, value = self.cleaned_data["what"].partition("/")
        said = said_by(value)
        return {
            "contains": self.cleaned_data["contains"],
            "is_money_in": way == "in",
            "match": said.match,
            "category": said.category,
        }


class SavingForm(BudgetForm):
    """Money put by for an agreed purpose."""

    submit_text = "Put it by"

    key = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(
        label="What is it for?", max_length=200, error_messages={"required": "Enter what it is for"}
    )
    amount = MoneyField(label="Amount")
    agreed_on = NhsDateField(label="When was it agreed?", help_text=_DATE_HINT, latest="today")
    until = NhsDateField(label="Until when is it put by?", help_text=_DATE_HINT)
    error_nouns = {"agreed_on": "date it was agreed", "until": "date until which it is put by"}


class EndSavingForm(BudgetForm):
    """A saving that was used or given up."""

    submit_text = "End it"

    ended_on = NhsDateField(label="When did it end?", help_text=_DATE_HINT, latest="today")
    note = forms.CharField(
        label="What became of the money?", max_length=200, error_messages={"required": "Enter what became of the money"}
    )
    error_nouns = {"ended_on": "date it ended"}


class DecideSurplusForm(StepForm):
    """What is to happen with unspent money."""

    submit_text = "Decide"
    error_nouns = {"decision": "what is to happen with the money", "on": "date"}

    decision = forms.ChoiceField(
        label="What is to happen with the money?",
        choices=[(each.value, each.label) for each in SurplusDecision if each != SurplusDecision.OVERTAKEN],
        widget=Radios(
            hints={
                SurplusDecision.LEAVE.value: "Such as for care that is planned or was put off.",
                SurplusDecision.OFFSET.value: "You choose the payments next. Somebody else approves.",
                SurplusDecision.RECOVER.value: "You draft a repayment notice next.",
            }
        ),
    )
    reason = long_text("Reason", "Enter the reason")
