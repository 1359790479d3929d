import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from budgets.enums import Funder, Method
from budgets.forms.agreement import AgreeForm, ChangeMethodsForm, EndForm
from budgets.rules.agreement import MethodAmount, Share

TODAY = dt.date(2026, 11, 22)
COMPLETE: dict[str, Any] = {
    "agreed_on_day": "10",
    "agreed_on_month": "11",
    "agreed_on_year": "2026",
    "annual_amount": "52,000",
    "methods": ["notional"],
    "lives_in": "home",
    "nhs_percent": "100",
}


def sent(**changes: Any) -> QueryDict:
    """What a browser sends."""
    data = QueryDict(mutable=True)
    for name, value in {**COMPLETE, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def agree(**changes: Any) -> AgreeForm:
    return AgreeForm(sent(**changes), today=TODAY)


def errors(form: Any) -> dict[str, list[str]]:
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


def test_agree_form_with_one_method_gives_it_the_whole_amount() -> None:
    form = agree()
    assert form.is_valid(), form.errors
    agreement = form.agreement()
    assert agreement["methods"] == [MethodAmount(Method.NOTIONAL, Decimal("52000.00"))]
    assert agreement["shares"] == [Share(Funder.NHS, Decimal(100))]
    assert agreement["agreed_on"] == dt.date(2026, 11, 10)
    assert agreement["started_on"] is None


def test_agree_form_with_nothing_asks_for_what_it_needs() -> None:
    form = AgreeForm(MultiValueDict(), today=TODAY)
    assert set(form.errors) == {"agreed_on", "annual_amount", "methods", "lives_in", "nhs_percent"}
    for messages in errors(form).values():
        assert messages[0].startswith(("Enter", "Select"))


def test_agree_form_with_two_methods_asks_for_both_amounts() -> None:
    form = agree(methods=["notional", "direct_payment"], is_free_of_orders="on")
    assert errors(form) == {
        name: ["Enter the amount a year, because the money is managed in more than one way"]
        for name in ("notional_amount", "direct_payment_amount")
    }


def test_agree_form_with_a_mix_that_does_not_add_up_says_both_sums() -> None:
    form = agree(methods=["notional", "third_party"], notional_amount="50000", third_party_amount="1999.99")
    (message,) = errors(form)["third_party_amount"]
    assert "£51,999.99" in message
    assert "£52,000.00" in message


def test_agree_form_with_a_mix_that_adds_up_is_valid() -> None:
    form = agree(methods=["notional", "third_party"], notional_amount="50000", third_party_amount="2000")
    assert form.is_valid(), form.errors
    assert [part.annual_amount for part in form.method_amounts()] == [Decimal(50000), Decimal(2000)]


def test_agree_form_drops_the_amount_of_a_method_that_was_unticked() -> None:
    form = agree(third_party_amount="2000")
    assert form.is_valid(), form.errors
    assert form.method_amounts() == [MethodAmount(Method.NOTIONAL, Decimal("52000.00"))]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"nhs_percent": "60"}, "nhs_percent", "The shares add to 60. Change them so that they add to 100"),
        (
            {"nhs_percent": "60", "local_authority_percent": "40"},
            "local_authority_name",
            "Enter the name of the local authority that pays this share",
        ),
        (
            {"education_name": "Testing School"},
            "education_percent",
            "Enter the share paid by Testing School, or clear the name",
        ),
        (
            {"nhs_percent": "0", "local_authority_percent": "100", "local_authority_name": "Testing Council"},
            "nhs_percent",
            "Enter an NHS share above 0. A budget without NHS money is not a personal health budget",
        ),
        (
            {"started_on_day": "9", "started_on_month": "11", "started_on_year": "2026"},
            "started_on",
            "Date it started must be on or after the date it was agreed",
        ),
        ({"agreed_on_day": "23"}, "agreed_on", "Date it was agreed must be today or in the past"),
        ({"annual_amount": "-1"}, "annual_amount", "Annual amount must be £0 or more"),
    ],
)
def test_agree_form_names_the_field_and_the_remedy(changes: dict[str, str], field: str, message: str) -> None:
    assert message in errors(agree(**changes))[field]


def test_agree_form_shows_the_whole_share_as_100() -> None:
    assert 'value="100"' in str(AgreeForm(today=TODAY)["nhs_percent"])


def test_end_form_offers_did_not_go_ahead_only_before_the_start() -> None:
    before = dict(EndForm(today=TODAY, started_on=None).fields["end_reason"].choices)
    after = dict(EndForm(today=TODAY, started_on=TODAY).fields["end_reason"].choices)
    assert set(before) - set(after) == {"did_not_go_ahead"}


def test_change_form_asks_for_the_day_first() -> None:
    assert list(ChangeMethodsForm(today=TODAY).fields)[:3] == ["changed_on", "annual_amount", "methods"]
