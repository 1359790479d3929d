"""Forms: the words of errors, fields that take what people type, questions that follow from an answer."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.template import Context, Template

from phb_register.forms import (
    TODAY,
    Actions,
    Checkboxes,
    MoneyField,
    NhsDateField,
    NhsForm,
    NhsNumberField,
    PercentField,
    Radios,
    YesNoField,
)
from phb_register.nhsuk.wording import noun

AS_AT = date(2017, 2, 7)
ATTACK = '"><script>alert(1)</script>'


def form_with(field: forms.Field, data: dict[str, str] | None = None, **attributes: Any) -> Any:
    return type("TryForm", (NhsForm,), {"it": field, **attributes})(data or {}, today=AS_AT)


def errors_of(field: forms.Field, data: dict[str, str] | None = None, **attributes: Any) -> list[str]:
    return list(form_with(field, data, **attributes).errors.get("it", []))


def cleaned(field: forms.Field, data: dict[str, str]) -> Any:
    form = form_with(field, data)
    assert form.is_valid(), form.errors
    return form.cleaned_data["it"]


def drawn(form: forms.BaseForm) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form, "csrf_token": "t"}))


def day(text: str) -> dict[str, str]:
    return dict(zip(("it_day", "it_month", "it_year"), text.split("/"), strict=True))


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Date of birth", "date of birth"), ("NHS number", "NHS number"), ("GP practice", "GP practice"), ("A", "A")],
)
def test_noun_keeps_abbreviations(label: str, expected: str) -> None:
    assert noun(label) == expected


@pytest.mark.parametrize(
    ("field", "data", "expected"),
    [
        (forms.CharField(label="Full name"), {}, "Enter full name"),
        (forms.CharField(label="Share (%)", max_length=3), {}, "Enter share (%)"),
        (forms.CharField(label="Share (%)", max_length=3), {"it": "long"}, "Share (%) must be 3 characters or fewer"),
        (forms.CharField(label="Code", min_length=3), {"it": "a"}, "Code must be 3 characters or more"),
        (forms.CharField(label="Why is it late?"), {}, "Enter an answer to “Why is it late?”"),
        (
            forms.EmailField(label="E-mail address"),
            {"it": "x"},
            "Enter e-mail address in the right format, like name@example.nhs.uk",
        ),
        (forms.IntegerField(label="Carers"), {"it": "two"}, "Carers must be a whole number, like 12"),
        (forms.IntegerField(label="Carers", min_value=1), {"it": "0"}, "Carers must be 1 or more"),
        (forms.IntegerField(label="Carers", max_value=5), {"it": "6"}, "Carers must be 5 or less"),
        (forms.DecimalField(label="Rate"), {"it": "x"}, "Rate must be a number, like 12.5"),
        (
            forms.DecimalField(label="Rate", decimal_places=1),
            {"it": "1.25"},
            "Rate must have 1 decimal places or fewer",
        ),
        (forms.ChoiceField(label="Cohort", choices=[("a", "A")]), {}, "Select cohort"),
        (forms.ChoiceField(label="Cohort", choices=[("a", "A")]), {"it": "z"}, "Select cohort from the list"),
        (forms.ChoiceField(label="Which one?", choices=[("a", "A")]), {}, "Select an answer to “Which one?”"),
        (forms.MultipleChoiceField(label="Areas of need", choices=[("a", "A")]), {}, "Select areas of need"),
        (forms.BooleanField(label="I agree"), {}, "Select “I agree” to continue"),
        (forms.FileField(label="Evidence"), {}, "Select evidence"),
        (NhsDateField(label="Date of birth"), {}, "Enter date of birth"),
        (NhsNumberField(), {}, "Enter NHS number"),
        (MoneyField(label="Annual amount"), {}, "Enter annual amount"),
        (YesNoField(label="Is it fast track?"), {}, "Select an answer to “Is it fast track?”"),
    ],
)
def test_error_names_the_field_and_the_remedy(field: forms.Field, data: dict[str, str], expected: str) -> None:
    assert errors_of(field, data) == [expected]


def test_error_noun_replaces_the_label() -> None:
    field = forms.ChoiceField(label="How is the money held?", choices=[("a", "A")])

    assert errors_of(field, error_nouns={"it": "how the money is held"}) == ["Select how the money is held"]


def test_message_of_the_author_stays() -> None:
    assert errors_of(forms.CharField(error_messages={"required": "Say why"})) == ["Say why"]


@pytest.mark.parametrize(
    "field_class", [each for each in vars(forms).values() if isinstance(each, type) and issubclass(each, forms.Field)]
)
def test_no_field_of_django_says_this_field_is_required(field_class: type[forms.Field]) -> None:
    extra: dict[type[forms.Field], dict[str, Any]] = {
        forms.URLField: {"assume_scheme": "https"},
        forms.RegexField: {"regex": "a"},
        forms.FilePathField: {"path": "/"},
        forms.ComboField: {"fields": [forms.CharField()]},
        forms.MultiValueField: {"fields": (forms.CharField(),)},
        forms.ModelChoiceField: {"queryset": None},
        forms.ModelMultipleChoiceField: {"queryset": None},
    }
    form = form_with(field_class(label="Thing", **extra.get(field_class, {})))

    assert "This field" not in str(form.fields["it"].error_messages.get("required"))


# ── Dates ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["7/2/2017", "07/02/2017", "7/Feb/2017", "7/february/2017", " 7 / 2 / 2017 "])
def test_date_is_taken_as_people_type_it(text: str) -> None:
    assert cleaned(NhsDateField(), day(text)) == AS_AT


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("/2/2017", {"day"}, "Date of birth must include a day"),
        ("7//", {"month", "year"}, "Date of birth must include a month and year"),
        ("7/2/", {"year"}, "Date of birth must include a year"),
        ("99/1/1990", {"day"}, "Date of birth must be a real date"),
        ("0/1/1990", {"day"}, "Date of birth must be a real date"),
        (f"{'9' * 5000}/1/1990", {"day"}, "Date of birth must be a real date"),
        (f"1/1/{'9' * 5000}", {"year"}, "Date of birth must be a real date"),
        ("1/13/1990", {"month"}, "Date of birth must be a real date"),
        ("1/Foo/1990", {"month"}, "Date of birth must be a real date"),
        ("31/2/2017", {"day", "month", "year"}, "Date of birth must be a real date"),
        ("29/2/2017", {"day", "month", "year"}, "Date of birth must be a real date"),
        ("1/1/17", {"year"}, "Date of birth must include a year with 4 numbers"),
        ("1/1/abcd", {"year"}, "Date of birth must be a real date"),
        ("1/1/0000", {"year"}, "Date of birth must be a real date"),
        ("²/1/1990", {"day"}, "Date of birth must be a real date"),
    ],
)
def test_date_error_says_which_part(text: str, parts: set[str], expected: str) -> None:
    form = form_with(NhsDateField(label="Date of birth"), day(text))

    (error,) = form.errors.as_data()["it"]
    assert (error.messages, set(error.params["parts"])) == ([expected], parts)


@pytest.mark.parametrize(
    ("limits", "text", "expected"),
    [
        ({"latest": TODAY}, "8/2/2017", ["It must be today or in the past"]),
        ({"latest": TODAY}, "7/2/2017", []),
        ({"earliest": TODAY}, "6/2/2017", ["It must be today or in the future"]),
        ({"earliest": TODAY}, "7/2/2017", []),
        ({"earliest": date(2015, 4, 1)}, "31/3/2015", ["It must be on or after 1 April 2015"]),
        ({"earliest": date(2015, 4, 1)}, "1/4/2015", []),
        ({"latest": date(2015, 4, 1)}, "2/4/2015", ["It must be on or before 1 April 2015"]),
    ],
)
def test_date_limits_are_allowed_values(limits: dict[str, Any], text: str, expected: list[str]) -> None:
    assert errors_of(NhsDateField(**limits), day(text)) == expected


def test_date_that_is_optional_may_be_left_out() -> None:
    assert cleaned(NhsDateField(required=False), day("//")) is None


def test_date_of_an_iso_value_and_of_an_initial_fills_the_boxes() -> None:
    assert cleaned(NhsDateField(), {"it": "2017-02-07"}) == AS_AT
    html = drawn(type("F", (NhsForm,), {"it": NhsDateField(initial=AS_AT)})())
    assert re.findall(r'value="(\d+)"', html) == ["7", "2", "2017"]


def test_date_typed_wrongly_is_shown_as_typed() -> None:
    html = drawn(form_with(NhsDateField(), {"it_day": ATTACK, "it_month": "2", "it_year": "17"}))

    assert "<script" not in html
    assert 'value="17"' in html


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["9990000018", "999 000 0018", "999-000-0018", " 999  000 0018 "])
def test_nhs_number_is_taken_as_people_type_it(text: str) -> None:
    assert cleaned(NhsNumberField(), {"it": text}) == "9990000018"


@pytest.mark.parametrize("text", ["9990000019", "1111111111", "0000000000", "999 000 001", "99900000181", "abcdefghij"])
def test_nhs_number_that_is_not_one_is_refused(text: str) -> None:
    (error,) = errors_of(NhsNumberField(), {"it": text})

    assert "NHS number" in error


def test_nhs_number_is_shown_in_groups_and_a_wrong_one_as_typed() -> None:
    assert 'value="999 000 0018"' in drawn(form_with(NhsNumberField(), {"it": "9990000018"}))
    assert 'value="12x"' in drawn(form_with(NhsNumberField(), {"it": "12x"}))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("£12,500.50", "12500.50"),
        ("12 500", "12500"),
        ("0", "0"),
        (".5", "0.5"),
        ("1.", "1"),
        ("£1,234,567.89", "1234567.89"),
    ],
)
def test_money_is_taken_as_people_type_it(text: str, amount: str) -> None:
    assert cleaned(MoneyField(), {"it": text}) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", "Annual amount must not include parts of a penny"),
        ("-1", "Annual amount must be £0 or more"),
        ("lots", "Annual amount must be an amount in pounds and pence, like 12,500 or 12,500.50"),
        ("1e5", "Annual amount must be an amount in pounds and pence, like 12,500 or 12,500.50"),
        ("NaN", "Annual amount must be an amount in pounds and pence, like 12,500 or 12,500.50"),
        ("12345678901", "Annual amount must have 10 numbers or fewer before the decimal point"),
    ],
)
def test_money_error_says_what_to_enter(text: str, expected: str) -> None:
    assert errors_of(MoneyField(label="Annual amount"), {"it": text}) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("101", ["Share must be 100% or less"]),
        ("-1", ["Share must be 0% or more"]),
        ("half", ["Share must be a percentage, like 50 or 33.33"]),
        ("33.33%", []),
    ],
)
def test_percent_is_from_0_to_100(text: str, expected: list[str]) -> None:
    assert errors_of(PercentField(label="Share"), {"it": text}) == expected


@pytest.mark.parametrize(("amount", "shown"), [("100", "100"), ("33.30", "33.3"), ("0.00", "0"), ("50", "50")])
def test_percent_is_shown_without_noughts_that_say_nothing(amount: str, shown: str) -> None:
    html = drawn(type("F", (NhsForm,), {"it": PercentField(initial=Decimal(amount))})())

    assert f'value="{shown}"' in html


@pytest.mark.parametrize(("answer", "value"), [("yes", True), ("no", False), ("unknown", None)])
def test_yes_no_field_tells_not_known_from_not_answered(answer: str, value: bool | None) -> None:
    assert cleaned(YesNoField(may_be_unknown=True), {"it": answer}) is value
    assert errors_of(YesNoField(may_be_unknown=True, label="It")) == ["Select it"]


def test_yes_no_field_without_unknown_refuses_it() -> None:
    assert errors_of(YesNoField(label="It"), {"it": "unknown"}) == ["Select it from the list"]


# ── Questions that follow from an answer ──────────────────────────────────────────────────────────────────────


class RevealForm(NhsForm):
    method = forms.ChoiceField(
        choices=[("notional", "Notional"), ("direct_payment", "Direct payment")], widget=Radios()
    )
    payee = forms.CharField(max_length=20)
    needs = forms.MultipleChoiceField(
        choices=[("other", "Other"), ("none", "None")], widget=Checkboxes(exclusive="none")
    )
    other_need = forms.CharField(widget=forms.Textarea)
    reveals = {("method", "direct_payment"): ["payee"], ("needs", "other"): ["other_need"]}


def test_revealed_field_is_required_with_its_answer_only() -> None:
    asked = RevealForm({"method": "direct_payment", "needs": ["other"]})
    not_asked = RevealForm({"method": "notional", "needs": ["none"]})

    assert set(asked.errors) == {"payee", "other_need"}
    assert not_asked.is_valid()


def test_revealed_field_that_was_not_asked_is_dropped_even_if_wrong() -> None:
    form = RevealForm({"method": "notional", "payee": "x" * 99, "needs": ["none"], "other_need": "typed"})

    assert form.is_valid()
    assert (form.cleaned_data["payee"], form.cleaned_data["other_need"]) == ("", "")


def test_revealed_field_is_drawn_once_and_under_its_answer() -> None:
    html = drawn(RevealForm())

    assert html.count('name="payee"') == 1
    assert html.index('value="direct_payment"') < html.index('name="payee"') < html.index('name="needs"')
    assert 'data-aria-controls="conditional-id_method-2"' in html


# ── Drawing ───────────────────────────────────────────────────────────────────────────────────────────────────


class EveryForm(NhsForm):
    words = forms.CharField(label=ATTACK, help_text=ATTACK, initial=ATTACK)
    area = forms.CharField(widget=forms.Textarea, max_length=300, initial="first\n    second\n\n  third")
    radio = forms.ChoiceField(choices=[(ATTACK, ATTACK)], widget=Radios(hints={ATTACK: ATTACK}))
    boxes = forms.MultipleChoiceField(choices=[(ATTACK, ATTACK)], widget=forms.CheckboxSelectMultiple)
    choice = forms.ChoiceField(choices=[("", "Choose"), (ATTACK, [("a", ATTACK)])])
    tick = forms.BooleanField(label=ATTACK, help_text=ATTACK)
    secret = forms.CharField(widget=forms.PasswordInput)
    file = forms.FileField()
    hidden = forms.CharField(widget=forms.HiddenInput, initial=ATTACK)
    search = forms.CharField(widget=forms.SearchInput, initial=ATTACK)
    number = forms.IntegerField(label="Number")
    optional = forms.CharField(required=False)


def test_form_escapes_everything() -> None:
    assert "<script" not in drawn(EveryForm())
    assert "<script" not in drawn(EveryForm(dict.fromkeys(EveryForm.base_fields, ATTACK)))


def test_form_keeps_lines_and_spaces_of_a_text_area() -> None:
    typed = "first\n    second\n\n  third"

    assert f">{typed}</textarea>" in drawn(EveryForm())
    assert f">{typed}</textarea>" in drawn(EveryForm({"area": typed}))


def test_form_has_no_identifier_twice_and_labels_every_control() -> None:
    html = drawn(EveryForm({}))

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    controls = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', html)
    assert set(controls) <= set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html))
    described = {each for group in re.findall(r'aria-describedby="([^"]+)"', html) for each in group.split()}
    assert described <= set(ids)


def test_form_never_sends_a_password_back() -> None:
    assert "typed-secret" not in drawn(EveryForm({"secret": "typed-secret"}))


def test_form_marks_what_is_optional() -> None:
    assert "Optional (optional)" in drawn(EveryForm())


def test_form_is_multipart_with_a_file_and_checks_on_the_server() -> None:
    html = drawn(EveryForm())

    assert 'enctype="multipart/form-data"' in html
    assert "novalidate" in html
    assert " required" not in html


def test_form_with_get_has_no_token() -> None:
    assert "csrfmiddlewaretoken" not in drawn(form_with(forms.CharField(), {"it": "a"}, form_method="get"))


def test_form_without_a_submit_text_has_no_button_and_a_cancel_link_stands_beside_one() -> None:
    assert "<button" not in drawn(form_with(forms.CharField(), submit_text=None))
    assert 'href="/back/"' in drawn(form_with(forms.CharField(), cancel_url="/back/"))


def test_page_heading_makes_a_legend_the_heading_of_the_page() -> None:
    html = drawn(form_with(forms.ChoiceField(label="Which?", choices=[("a", "A")], widget=Radios()), page_heading="it"))

    assert re.search(r"<h1[^>]*>\s*Which\?\s*</h1>", html)


def test_layout_of_crispy_groups_fields() -> None:
    form = RevealForm()
    form.helper.layout = Layout(
        Fieldset("The money", "method"), Div("needs", css_class="x"), Actions("Go", variant="secondary")
    )
    html = drawn(form)

    assert re.search(r"<legend[^>]*>\s*The money\s*</legend>", html)
    assert '<div class="x">' in html
    assert "nhsuk-button--secondary" in html


def test_plain_django_form_is_drawn_too() -> None:
    class Plain(forms.Form):
        words = forms.CharField()

    assert 'class="nhsuk-input"' in drawn(Plain())


def test_formset_is_drawn_with_its_management_form_and_its_errors_listed() -> None:
    formset = forms.formset_factory(RevealForm, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-method": "direct_payment"}
    )
    summary = Template("{% load nhsuk %}{% nhsuk_error_summary formset %}").render(Context({"formset": formset}))

    assert 'name="form-TOTAL_FORMS"' in drawn(formset)
    assert 'href="#id_form-0-payee"' in summary


# ── The error summary ─────────────────────────────────────────────────────────────────────────────────────────


def summary_of(*sources: Any) -> str:
    return Template("{% load nhsuk %}{% nhsuk_error_summary a b %}").render(
        Context(dict(zip("ab", sources, strict=False)))
    )


def test_error_summary_links_to_controls_that_exist() -> None:
    form = EveryForm({})
    html = drawn(form)
    links = re.findall(r'href="#([^"]+)"', summary_of(form))

    assert len(links) == 10
    assert all(f'id="{link}"' in html for link in links)


def test_error_summary_leads_to_the_box_that_is_wrong() -> None:
    form = form_with(NhsDateField(), day("7/13/2017"))

    assert 'href="#id_it_month"' in summary_of(form)
    assert re.findall(r'nhsuk-input--error[^>]*id="([^"]+)"', drawn(form)) == ["id_it_month"]


def test_error_summary_lists_errors_of_the_whole_form_without_a_link() -> None:
    form = form_with(forms.CharField(), {"it": "a"})
    form.add_error(None, "Shares must add up to 100%")

    html = summary_of(form)
    assert "Shares must add up to 100%" in html
    assert "href" not in html


def test_error_summary_is_empty_for_a_good_form_an_unsent_one_and_none() -> None:
    assert summary_of(EveryForm(), None) == ""
    assert summary_of(form_with(forms.CharField(), {"it": "a"})) == ""
    assert summary_of() == ""


def test_title_says_error_when_there_is_one() -> None:
    template = Template("{% load nhsuk %}{% nhsuk_title_prefix form %}")

    assert template.render(Context({"form": EveryForm({})})) == "Error: "
    assert template.render(Context({"form": EveryForm()})) == ""
