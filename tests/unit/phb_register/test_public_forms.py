"""What a public form carries instead of a cookie: made here, for one form, for half a day."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from phb_register.forms.public import OPEN_TOO_LONG, PublicForm
from phb_register.public_forms import VALID_FOR, TokenRefused, new_token, read_token

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class WordsForm(PublicForm):
    purpose = "words"
    words = forms.CharField(label="Words")


def sent(token: str, **fields: str) -> WordsForm:
    data = QueryDict(mutable=True)
    data.update({"token": token, **fields})
    return WordsForm(data, now=NOW)


def test_token_gives_its_key_every_time_it_is_read() -> None:
    token = new_token("words", NOW)
    assert read_token(token, "words", NOW) == read_token(token, "words", NOW + VALID_FOR)
    assert read_token(new_token("words", NOW), "words", NOW) != read_token(token, "words", NOW)


@pytest.mark.parametrize(
    ("token", "now"),
    [
        ("", NOW),
        ("made up", NOW),
        (new_token("words", NOW)[:-1], NOW),
        (new_token("other", NOW), NOW),
        (new_token("words", NOW), NOW + VALID_FOR + MINUTE),
        (new_token("words", NOW + dt.timedelta(hours=1)), NOW),
    ],
    ids=["none", "made up", "cut", "of another form", "too old", "of the future"],
)
def test_token_is_refused(token: str, now: dt.datetime) -> None:
    with pytest.raises(TokenRefused):
        read_token(token, "words", now)


def test_form_with_its_token_is_taken() -> None:
    form = sent(new_token("words", NOW), words="Thank you")
    assert form.is_valid()
    assert form.form_key


def test_stale_page_keeps_what_was_typed_and_can_be_sent_again() -> None:
    form = sent(new_token("words", NOW - VALID_FOR - MINUTE), words="Typed for hours")
    assert not form.is_valid()
    assert form.non_field_errors() == [OPEN_TOO_LONG]
    assert form["words"].value() == "Typed for hours"
    again = sent(str(form["token"].value()), words="Typed for hours")
    assert again.is_valid()


def test_form_has_no_token_that_needs_a_cookie() -> None:
    assert WordsForm(None, now=NOW).helper.disable_csrf
