"""Forms of board packs: shape only; what the rules forbid is said by the services."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import TODAY, Checkboxes, NhsDateField, NhsForm
from reporting.board_pack_states import CANCEL, WITHDRAW, PackPart
from reporting.rules import EARLIEST_AS_AT

HINTS: dict[str, str] = {
    PackPart.UPTAKE: "The figures of the dashboard, the line over time, and who and how",
    PackPart.PROGRESS: "Each line of the local offer’s timeline, planned against live",
    PackPart.RISKS: "The risks of the programme that were chosen for board packs",
    PackPart.MONEY: "Budget, paid, forecast and saving in the financial year",
    PackPart.EQUALITY: "People by sex, age and ethnic group",
    PackPart.PROGRAMME: "The other tools of the programme that were chosen for board packs",
    PackPart.DECISIONS: "What you ask the meeting to decide",
}


class BoardPackForm(NhsForm):
    """What a pack is for, when it is made, and what is in it."""

    submit_text = "Save the board pack"
    error_nouns: ClassVar[dict[str, str]] = {
        "commissioner": "whose board pack it is",
        "meeting": "what the meeting is called",
        "as_at": "the day the figures are counted on",
        "make_on": "the day to make it on",
        "parts": "at least one part",
    }

    commissioner: Any = forms.ModelChoiceField(
        label="Whose board pack is it?", queryset=None, to_field_name="code", empty_label="Choose"
    )
    meeting = forms.CharField(
        label="What is the meeting called?", max_length=120, help_text="For example, governing body"
    )
    meets_on = NhsDateField(label="Date of the meeting", earliest=TODAY, help_text="For example, 12 1 2027")
    as_at = NhsDateField(
        label="Figures as at the end of",
        earliest=EARLIEST_AS_AT,
        help_text="Every figure is counted on this day. For example, 31 12 2026",
    )
    make_on = NhsDateField(
        label="Make it on",
        earliest=TODAY,
        help_text="It is made by itself that day, and members get an e-mail. For example, 5 1 2027",
    )
    parts = forms.MultipleChoiceField(label="What goes in", choices=PackPart.choices, widget=Checkboxes(hints=HINTS))
    introduction = forms.CharField(
        label="Introduction",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Stands before the first part. Headings start with ##, points of a list with a dash",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, commissioners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["commissioner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = commissioners

    def pack(self) -> dict[str, Any]:
        """What the services are given, without whose pack it is and which version was opened."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("commissioner", "version")}


class ChangeBoardPackForm(BoardPackForm):
    """The same for a pack that is planned: whose it is stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, commissioners=None, **kwargs)
        del self.fields["commissioner"]
        # The layout lists the fields there were when it was made.
        self.__dict__.pop("helper", None)

    def opened_version(self) -> int:
        """The version that the writer opened; 0, which no pack has, where the form does not say."""
        return self.cleaned_data["version"] or 0

    def over(self, version: int) -> None:
        """Save over this version next, now that its words are shown."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class DecisionForm(NhsForm):
    """One decision that the meeting is asked for."""

    submit_text = "Save the decision"
    error_nouns: ClassVar[dict[str, str]] = {
        "question": "what the meeting is asked to decide",
        "recommendation": "what you recommend",
    }

    question = forms.CharField(
        label="What is the meeting asked to decide?",
        max_length=200,
        help_text="For example, to open the next phase to wheelchair users",
    )
    recommendation = forms.CharField(
        label="What do you recommend?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    why = forms.CharField(label="Why", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class ReasonForm(NhsForm):
    """Why a pack is cancelled or withdrawn."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Members see the reason of a pack that was made and withdrawn",
    )


class CancelForm(ReasonForm):
    """Why a planned pack is given up."""

    submit_text = CANCEL.button


class WithdrawForm(ReasonForm):
    """Why a pack that was made is taken back."""

    submit_text = WITHDRAW.button
