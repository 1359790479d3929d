"""Forms about users and their roles."""

from typing import Any

from django import forms

from phb_register.forms import NhsDateField, NhsForm, Radios
from phb_register.models import Commissioner
from phb_register.roles import ROLE_DESCRIPTIONS, Permission, Role
from phb_register.selectors.commissioners import commissioners_of


class MembershipForm(NhsForm):
    """Giving a user a role for a commissioner or partnership."""

    submit_text = "Give the role"

    email = forms.EmailField(label="E-mail address", help_text="Of a user, or of somebody new.")
    full_name = forms.CharField(label="Full name", max_length=150, help_text="A user who is here already keeps theirs.")
    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        widget=Radios(hints={role.value: text for role, text in ROLE_DESCRIPTIONS.items()}),
    )
    commissioner: "forms.ModelChoiceField[Commissioner]" = forms.ModelChoiceField(
        label="Commissioner or partnership", queryset=None
    )
    starts_on = NhsDateField(label="First day of the role")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].queryset = commissioners_of(user, Permission.MANAGE_USERS)  # type: ignore[attr-defined]


class EndMembershipForm(NhsForm):
    """Taking a role away."""

    submit_text = "Take the role away"

    ends_on = NhsDateField(label="First day without the role")
