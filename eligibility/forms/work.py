"""The forms with which a referral is acknowledged, paused, resumed, reopened and given to somebody."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from eligibility.enums import PauseReason
from phb_register.forms import Checkboxes, NhsDateField, NhsForm, Radios
from phb_register.models import User

from .decisions import DatedForm, long_text

NOBODY = "nobody"
TICK = "Tick the referrals to allocate"
FOLLOW_UP_DAYS = 7
PAUSE_REASONS = [choice for choice in PauseReason.choices if choice[0] != PauseReason.WITHDRAWN]
Seen = Mapping[uuid.UUID, int | None]


class AcknowledgeForm(DatedForm):
    """Record that the referrer, or the person, was told that the referral arrived."""

    submit_text = "Record acknowledgement"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was it acknowledged?")


def _follow_up(label: str, today: dt.date | None) -> NhsDateField:
    return NhsDateField(
        label=label,
        help_text="The referral comes onto the worklist on this day. For example, 31 3 2027",
        initial=today + dt.timedelta(days=FOLLOW_UP_DAYS) if today else None,
    )


class PauseForm(DatedForm):
    """Pause the clock of a referral."""

    submit_text = "Pause the clock"
    error_nouns = {**DatedForm.error_nouns, "reason": "why the clock is paused", "follow_up_on": "date to ask again"}

    reason = forms.ChoiceField(label="Why is the clock paused?", choices=PAUSE_REASONS, widget=Radios)
    note = long_text("Note", "Enter why the clock is paused", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_on"] = _follow_up("When will you ask again?", self.today)
        self.word_field("follow_up_on", self.fields["follow_up_on"])
        self.add_day("From when is it paused?")


class FollowUpForm(NhsForm):
    """Ask again about a paused referral on another day."""

    submit_text = "Save"
    error_nouns = {"follow_up_on": "date to ask again"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_on"] = _follow_up("When will you ask again?", self.today)
        self.word_field("follow_up_on", self.fields["follow_up_on"])


class ResumeForm(DatedForm):
    """Let the clock go on."""

    submit_text = "Let the clock go on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("From when does it go on?")


class ReopenForm(DatedForm):
    """Reopen a referral that was withdrawn."""

    submit_text = "Reopen referral"

    reason = long_text("Why is it reopened?", "Enter why the referral is reopened")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was it reopened?")


def _choices(team: Iterable[User], user: User) -> list[tuple[str, str]]:
    """The members of the team, the user first."""
    others = [(str(each.pk), each.full_name) for each in team if each != user]
    return [(str(user.pk), f"{user.full_name} (you)"), *others]


class AllocateForm(NhsForm):
    """Give one referral to somebody, or back to nobody."""

    submit_text = "Allocate"
    error_nouns = {"to": "who takes the referral on"}

    def __init__(self, *args: Any, team: Iterable[User], user: User, held_by: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(each.pk): each for each in [user, *team]}
        choices = _choices(team, user)
        if held_by is not None:
            choices.append((NOBODY, "Nobody: give it back"))
        self.fields["to"] = forms.ChoiceField(
            label="Who takes this referral on?", choices=choices, initial=str(held_by or user.pk), widget=Radios
        )
        # What the user saw, so that somebody else's choice of a moment ago is not overwritten.
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=held_by or "")
        self.word_field("to", self.fields["to"])

    @property
    def chosen(self) -> User | None:
        """The member chosen; None for nobody."""
        return self.team.get(self.cleaned_data["to"])

    @property
    def was_with(self) -> int | None:
        """The id of the user with whom the referral was when the page was opened."""
        seen: str = self.cleaned_data["seen"]
        return int(seen) if seen.isdecimal() else None


class AllocateManyForm(NhsForm):
    """Give the ticked referrals to somebody. ``ticked`` are the choices: reference and holder, and whose it is."""

    submit_text = "Allocate the ticked referrals"
    error_nouns = {"to": "who takes the referrals on"}

    ticked = forms.MultipleChoiceField(
        label="Referrals",
        widget=Checkboxes,
        error_messages={"required": TICK, "invalid_choice": TICK},
    )
    back = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, team: Iterable[User], user: User, ticked: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(each.pk): each for each in [user, *team]}
        self.fields["ticked"].choices = list(ticked)  # type: ignore[attr-defined]
        self.fields["to"] = forms.ChoiceField(
            label="Allocate the ticked referrals to", choices=[("", "Select a name"), *_choices(team, user)]
        )
        self.word_field("to", self.fields["to"])

    @property
    def chosen(self) -> User:
        """The member chosen."""
        return self.team[self.cleaned_data["to"]]

    def seen(self) -> dict[uuid.UUID, int | None]:
        """The referrals ticked, each with the id of the user to whom it was allocated when it was shown."""
        return dict(read_tick(tick) for tick in self.cleaned_data["ticked"])


def read_tick(tick: str) -> tuple[uuid.UUID, int | None]:
    """A ticked box: the referral, and who had it when it was shown. Raises ``ValueError`` for anything else."""
    reference, _, holder = tick.partition(".")
    return uuid.UUID(reference), int(holder) if holder else None
