"""The easy read version of a section: a line for each idea."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict

from offers.rules.easy_read import EMPTY_LINES, LONGEST_LINE, MOST_LINES, TypedLine
from offers.rules.pictures import PICTURES
from offers.rules.text import as_typed
from phb_register.forms import NhsForm

_PREFIX = "lines"
# More than may be saved, so that too many are answered with what to do about it.
_MOST_SENT = MOST_LINES + 20


class VersionForm(NhsForm):
    """Which version of the lines its writer opened."""

    submit_text = None
    version = forms.IntegerField(widget=forms.HiddenInput)


class EasyReadLineForm(NhsForm):
    """One line. Left empty, it is not saved."""

    submit_text = None
    mark_optional = False
    label_size = None
    picture = forms.ChoiceField(
        label="Picture",
        required=False,
        choices=[("", "No picture"), *((picture.code, picture.shows) for picture in PICTURES)],
        error_messages={"invalid_choice": "Select a picture of the set, or none"},
    )
    words = forms.CharField(label="Words", required=False, max_length=LONGEST_LINE)


_FormSet = forms.formset_factory(EasyReadLineForm, extra=0, max_num=_MOST_SENT, absolute_max=_MOST_SENT)


def sent_lines(data: QueryDict) -> Any:
    """The lines as they were sent, to be checked."""
    return _FormSet(data, prefix=_PREFIX)


def shown_lines(lines: Sequence[TypedLine], *, spare: bool = True) -> Any:
    """The lines to be changed, with a few empty ones after them."""
    empty = [TypedLine()] * (EMPTY_LINES if spare and len(lines) + EMPTY_LINES <= MOST_LINES else 0)
    return _FormSet(initial=[asdict(line) for line in [*lines, *empty]], prefix=_PREFIX)


def typed_lines(formset: Any) -> list[TypedLine]:
    """The lines as they were typed, unchecked, in their places."""
    return [TypedLine(_typed(form["picture"]), _typed(form["words"])) for form in formset.forms]


def _typed(field: Any) -> str:
    return as_typed(str(field.value() or ""))
