"""The forms with which a meeting of the risk panel is planned, held and minuted."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from budgets.models import BudgetProposal
from budgets.rules.panel_states import PanelDecision
from budgets.services.risk_panels import Present
from phb_register.forms import Checkboxes, NhsDateField, Radios
from phb_register.models import Commissioner, User

from .agreement import BudgetForm
from .budget_proposals import long_text


class PlanPanelForm(BudgetForm):
    """Planning a meeting."""

    submit_text = "Plan the meeting"

    def __init__(self, *args: Any, commissioners: Sequence[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commissioners = {each.code: each for each in commissioners}
        self.fields["commissioner"] = forms.ChoiceField(
            label="Whose risk panel meets?",
            choices=[(each.code, each.name) for each in commissioners],
            widget=Radios,
            initial=commissioners[0].code if len(commissioners) == 1 else None,
        )
        self.fields["meets_on"] = NhsDateField(label="Date of the meeting", help_text="For example, 7 2 2027")
        self.fields["place"] = forms.CharField(label="Place", max_length=200, required=False)
        for name, field in self.fields.items():
            self.word_field(name, field)

    def panel(self) -> dict[str, Any]:
        """What the service is called with."""
        return {**self.cleaned_data, "commissioner": self.commissioners[self.cleaned_data["commissioner"]]}


class AgendaForm(BudgetForm):
    """Putting proposals on the agenda."""

    submit_text = "Put on the agenda"
    error_nouns: ClassVar[dict[str, str]] = {"proposals": "at least one proposal"}

    def __init__(self, *args: Any, waiting: Sequence[tuple[BudgetProposal, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {str(proposal.reference): proposal for proposal, _ in waiting}
        self.fields["proposals"] = forms.MultipleChoiceField(
            label="Which proposals are on the agenda?",
            choices=[(str(proposal.reference), words) for proposal, words in waiting],
            widget=Checkboxes,
        )
        self.word_field("proposals", self.fields["proposals"])

    def chosen(self) -> list[BudgetProposal]:
        """The proposals selected, in the order they wait in."""
        return [self.waiting[key] for key in self.waiting if key in self.cleaned_data["proposals"]]


class PresentForm(BudgetForm):
    """Who was at the meeting, and who took the chair."""

    submit_text = "Save who was present"
    error_nouns: ClassVar[dict[str, str]] = {"members": "who was present", "chair": "who took the chair"}

    def __init__(self, *args: Any, users: Sequence[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.pk): (user, role) for user, role in users}
        choices = [(key, f"{user}, {role}") for key, (user, role) in self.users.items()]
        self.fields["members"] = forms.MultipleChoiceField(
            label="Who was present?", choices=choices, widget=Checkboxes, required=False
        )
        self.fields["others"] = long_text(
            "Anybody else who was present",
            required=False,
            help_text="One on each line: their name, a comma, and their role. For example: Sam Heron, finance manager",
        )
        self.fields["chair"] = forms.CharField(
            label="Who took the chair?", max_length=150, help_text="Their name, as above"
        )
        for name, field in self.fields.items():
            self.word_field(name, field)

    def clean(self) -> dict[str, Any]:
        """Each line names somebody and their role, and the chair is one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        lines = [line for line in (cleaned.get("others") or "").splitlines() if line.strip()]
        for place, line in enumerate(lines, start=1):
            name, _, role = line.partition(",")
            if not name.strip() or not role.strip():
                self.add_error("others", f"Line {place}: enter a name, a comma and a role")
        chair = str(cleaned.get("chair") or "").strip().casefold()
        if chair and not self.errors and chair not in [each.name.casefold() for each in self._people()]:
            self.add_error("chair", "Enter the name of somebody who was present, as it is written above")
        return cleaned

    def _people(self) -> list[Present]:
        chosen = [self.users[key] for key in self.cleaned_data.get("members") or []]
        found = [Present(str(user), role, user=user) for user, role in chosen]
        for line in (self.cleaned_data.get("others") or "").splitlines():
            name, _, role = line.partition(",")
            if name.strip():
                found.append(Present(name.strip(), role.strip()))
        return found

    def present(self) -> list[Present]:
        """Who was there; the first of the name given took the chair."""
        chair = self.cleaned_data["chair"].strip().casefold()
        people = self._people()
        place = next(n for n, each in enumerate(people) if each.name.casefold() == chair)
        return [Present(each.name, each.role, user=each.user, is_chair=n == place) for n, each in enumerate(people)]


class DecideItemForm(BudgetForm):
    """What the panel decided on one item."""

    submit_text = "Record the decision"
    error_nouns: ClassVar[dict[str, str]] = {"decision": "what the panel decided"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("decision", PanelDecision.APPROVE_WITH_CONDITIONS.value): ["conditions"],
        ("decision", PanelDecision.DECLINE.value): ["reconsideration_route"],
    }

    decision = forms.ChoiceField(label="What did the panel decide?", choices=PanelDecision.choices, widget=Radios())
    conditions = long_text("Conditions", "Enter the conditions")
    reconsideration_route = long_text(
        "How can the person ask for the decision to be looked at again?",
        "Enter how the person can ask for the decision to be looked at again",
    )
    reasons = long_text("Reasons in writing", "Enter the reasons", help_text="The person may read this.")

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        return {**self.cleaned_data, "decision": PanelDecision(self.cleaned_data["decision"])}


class CancelPanelForm(BudgetForm):
    """Cancelling a meeting; nothing is asked."""

    submit_text = "Cancel the meeting"
