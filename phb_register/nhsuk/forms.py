"""Forms that speak and look like NHS services: wording, error summary, questions that follow from an answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.utils import ErrorDict, pretty_name
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from phb_register.nhsuk.fields import NhsDateField
from phb_register.nhsuk.layout import Actions
from phb_register.nhsuk.rendering import render_field
from phb_register.nhsuk.wording import word_errors


class NhsFormMixin:
    """What every form has. Class attributes say how:

    - ``submit_text``: the button's words, ``None`` for no button; ``cancel_url`` and ``cancel_text``: a link beside it.
    - ``form_method``: ``"get"`` for filters and searches, else ``"post"``.
    - ``error_nouns``: how a field is called in messages where its label does not say it (a question).
    - ``reveals``: ``{("method", "direct_payment"): ["payee"]}``: fields asked only with that answer; with another
      answer they are not required and what was typed in them is dropped. Without JavaScript all are shown.
    - ``page_heading``: the field whose label is the page's heading.
    - ``label_size``: size of labels and legends; ``mark_optional``: whether fields not required say “(optional)”.

    ``today`` is the date that limits of date fields are measured from; views pass it, rules and fields never ask.
    """

    submit_text: ClassVar[str | None] = "Save and continue"
    cancel_text: ClassVar[str] = "Cancel"
    form_method: ClassVar[str] = "post"
    error_nouns: ClassVar[Mapping[str, str]] = {}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {}
    page_heading: ClassVar[str | None] = None
    label_size: ClassVar[str | None] = "s"
    mark_optional: ClassVar[bool] = True

    cancel_url: str | None = None
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, field in self.fields.items():
            self.word_field(name, field)

    def word_field(self, name: str, field: forms.Field) -> None:
        """Give a field its messages; call it for a field that a form adds after ``__init__``."""
        if field.label is None:
            field.label = pretty_name(name)
        error_noun = self.error_nouns.get(name)
        word_errors(field, label=str(field.label), error_noun=error_noun)
        if isinstance(field, NhsDateField):
            field.error_noun = error_noun
            field.today = self.today

    # ── Questions that follow from an answer ──────────────────────────────────────────────────────────────────

    @cached_property
    def revealed_fields(self) -> frozenset[str]:
        """Names of the fields that are asked with certain answers only."""
        return frozenset(name for names in self.reveals.values() for name in names)

    def revealed_html(self, name: str, value: str) -> SafeString:
        """The fields that the answer ``value`` to ``name`` reveals, drawn."""
        names = self.reveals.get((name, value), ())
        return format_html_join("", "{}", ((render_field(self[each]),) for each in names))  # type: ignore[index]

    def _clean_fields(self) -> None:
        left_out = self.revealed_fields - self._asked()
        for name in left_out:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]
        for name in left_out:
            field = self.fields[name]
            self._errors.pop(name, None)  # type: ignore[attr-defined]
            self.cleaned_data[name] = field.clean(field.widget.value_from_datadict({}, {}, self.add_prefix(name)))  # type: ignore[attr-defined]

    def _asked(self) -> set[str]:
        asked: set[str] = set()
        for (name, value), names in self.reveals.items():
            answer = self[name].data  # type: ignore[index]
            answers = answer if isinstance(answer, list | tuple) else [answer]
            if value in ("on" if each is True else str(each) for each in answers):
                asked |= set(names)
        return asked

    # ── Drawing ───────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def helper(self) -> FormHelper:
        """What ``{% crispy form %}`` goes by. Assign ``form.helper.layout`` for groups of fields."""
        helper = FormHelper()
        helper.form_method = self.form_method
        helper.disable_csrf = self.form_method == "get"
        helper.attrs = {"novalidate": "novalidate"}
        helper.layout = Layout(*self.layout_parts())
        return helper

    def layout_parts(self) -> list[Any]:
        """The form from top to bottom: the fields that are always asked, and the button."""
        parts: list[Any] = [name for name in self.fields if name not in self.revealed_fields]
        if self.submit_text:
            parts.append(Actions(self.submit_text, cancel_url=self.cancel_url, cancel_text=self.cancel_text))
        return parts


class NhsForm(NhsFormMixin, forms.Form):
    """A form that is not of one model."""

    def show_typed(self, typed: Mapping[str, list[str]]) -> None:
        """Show what was typed before and not sent, without checking it: there is nothing wrong with it yet."""
        self.data = MultiValueDict(typed)
        self.is_bound = True
        self._errors = ErrorDict()


class NhsModelForm(NhsFormMixin, forms.ModelForm):
    """A form of one model."""
