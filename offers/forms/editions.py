"""An edition, and the confirm pages of its moves."""

from django import forms

from phb_register.forms import TODAY, ConfirmForm, NhsDateField, NhsForm


class EditionForm(NhsForm):
    """A new or changed edition: its title, and the day its figures are counted on."""

    submit_text = "Save the edition"
    error_nouns = {"title": "the title", "figures_as_at": "the day the figures are counted on"}
    title = forms.CharField(label="Title", max_length=160)
    figures_as_at = NhsDateField(
        label="Figures as at", latest="today", help_text="Every figure in the edition is counted at the end of this day"
    )


class ReasonForm(ConfirmForm):
    """A confirm page that asks why."""

    error_nouns = {"reason": "the reason"}
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class ApproveForm(ConfirmForm):
    """The confirm page of an approval, which asks for the day of the meeting."""

    approved_on = NhsDateField(
        label="Day it was approved",
        latest=TODAY,
        required=False,
        help_text="The day of the meeting. Leave it out if that is today",
    )
