"""The forms of a programme's tools, made from the one table of them and from their tables' own words."""

from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.text import capfirst

from offers import figures
from offers.models import PROGRAMME, Cohort, LocalOffer, Phase, ProgrammeEntry
from offers.programme_tools import TOOLS, Tool
from offers.selectors.pages import cohorts
from offers.selectors.programme import choices_of, phase_choices
from phb_register.forms import TODAY, Actions, Checkboxes, NhsDateField, NhsForm, NhsModelForm, Radios
from phb_register.nhsuk.wording import noun

_PACK = "is_in_board_pack"


def _field(field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """How a column is asked: dates in three boxes, few choices as radios, long texts with room."""
    said: dict[str, Any] = {
        "label": capfirst(str(field.verbose_name)),
        "required": not field.blank,
        "help_text": field.help_text,
    }
    if field.name == "figure":
        return forms.ChoiceField(**said)
    if isinstance(field, models.DateField):
        return NhsDateField(**said)
    if field.choices and not said["required"]:
        # A radio button cannot be let go again.
        unanswered = [("", "Not scored"), *(field.flatchoices or [])]
        return forms.TypedChoiceField(**said, choices=unanswered, coerce=field.to_python, empty_value=None)
    if field.choices:
        default = field.default if field.has_default() else None
        return forms.TypedChoiceField(
            **said,
            choices=field.flatchoices,
            coerce=field.to_python,
            empty_value="",
            initial=default,
            widget=Radios,
        )
    if isinstance(field, models.TextField):
        return field.formfield(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)
    return field.formfield(**kwargs)


class EntryForm(NhsModelForm):
    """An entry of a tool. `version` is the one its writer opened."""

    submit_text = None
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, offer: LocalOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._choices(offer, field.queryset.model)  # type: ignore[union-attr]
                field.empty_label = f"Select {noun(str(field.label))}" if field.required else "None"
            elif name == "figure":
                known = [(each.code, each.label) for each in figures.known()]
                field.choices = [("", "None: it is read by hand"), *known]  # type: ignore[attr-defined]

    def layout_parts(self) -> list[Any]:
        """The fields, then the button."""
        return [*super().layout_parts(), Actions("Save", cancel_url=self.cancel_url)]

    def details(self) -> dict[str, Any]:
        """What was entered, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _choices(self, offer: LocalOffer, model: Any) -> Any:
        if model is Phase:
            return phase_choices(offer)
        if model is Cohort:
            return cohorts(offer)
        return choices_of(offer, model, other_than=self.instance)


@cache
def entry_form(kind: str) -> type[EntryForm]:
    """The form of a tool's entries."""
    form: Any = forms.modelform_factory(
        PROGRAMME[kind], form=EntryForm, fields=[*TOOLS[kind].fields, _PACK], formfield_callback=_field
    )
    return cast(type[EntryForm], form)


def form_of(tool: Tool, offer: LocalOffer, entry: ProgrammeEntry | None, data: Any) -> EntryForm:
    """The form of an entry, or of a new one, filled in with `data` where it was sent."""
    instance = entry or PROGRAMME[tool.kind](local_offer=offer)
    return entry_form(tool.kind)(data, instance=instance, offer=offer)


class StepForm(NhsForm):
    """What happened, and when."""

    on = NhsDateField(label="On", latest=TODAY, help_text="For example, 7 2 2017")
    note = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, button: str, question: str, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.fields["note"].label = question
        self.fields["note"].error_messages["required"] = f"Enter an answer to “{question}”"


class ReadingForm(NhsForm):
    """What an indicator said."""

    submit_text = "Save the reading"
    read_on = NhsDateField(label="As at", latest=TODAY, help_text="For example, 7 2 2017")
    value = forms.DecimalField(label="Value", max_digits=12, decimal_places=2)
    note = forms.CharField(label="Note", max_length=300, required=False)


class PackForm(NhsForm):
    """Which tools go into the board pack."""

    submit_text = "Save what goes into the board pack"
    tools = forms.MultipleChoiceField(
        label="Tools in the board pack",
        required=False,
        choices=[(tool.kind.value, tool.title) for tool in TOOLS.values()],
        widget=Checkboxes(hints={tool.kind.value: tool.explanation for tool in TOOLS.values()}),
        help_text="Each entry can be left out by itself, on its own page.",
    )
