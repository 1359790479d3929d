import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from budgets.enums import Funder, Method
from budgets.forms.agreement import ChangeMethodsForm
from budgets.forms.budget_proposals import ProposalForm
from budgets.forms.ending import EndForm
from budgets.rules.agreement import MethodAmount, Share

TODAY = dt.date(2026, 11, 22)
COMPLETE: dict[str, Any] = {
    "key": "3b0c1f8e-6f0e-4f6b-9a57-0d7b7f5d2017",
    "applies_from_day": "10",
    "applies_from_month": "11",
    "applies_from_year": "2026",
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


def propose(**changes: Any) -> ProposalForm:
    return ProposalForm(sent(**changes), today=TODAY, is_first=True)


def errors(form: Any) -> dict[str, list[str]]:
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


def test_proposal_form_with_one_method_gives_it_the_whole_amount() -> None:
    form = propose()
    assert form.is_valid(), form.errors
    terms = form.terms()
    assert terms.methods == [MethodAmount(Method.NOTIONAL, Decimal("52000.00"))]
    assert terms.shares == [Share(Funder.NHS, Decimal(100))]
    assert terms.applies_from == dt.date(2026, 11, 10)
    assert (terms.one_off_amount, terms.one_off_method) == (0, "")


def test_proposal_form_with_nothing_asks_for_what_it_needs() -> None:
    form = ProposalForm(MultiValueDict(), today=TODAY, is_first=True)
    assert set(form.errors) == {"key", "applies_from", "annual_amount", "methods", "lives_in", "nhs_percent"}
    for messages in errors(form).values():
        assert messages[0].startswith(("Enter", "Select"))


def test_proposal_form_with_two_methods_asks_for_both_amounts() -> None:
    form = propose(methods=["notional", "direct_payment"], is_free_of_orders="on")
    assert errors(form) == {
        name: ["Enter the amount a year, because the money is managed in more than one way"]
        for name in ("notional_amount", "direct_payment_amount")
    }


def test_proposal_form_with_a_mix_that_does_not_add_up_says_both_sums() -> None:
    form = propose(methods=["notional", "third_party"], notional_amount="50000", third_party_amount="1999.99")
    (message,) = errors(form)["third_party_amount"]
    assert "£51,999.99" in message
    assert "£52,000.00" in message


def test_proposal_form_with_a_mix_that_adds_up_is_valid() -> None:
    form = propose(methods=["notional", "third_party"], notional_amount="50000", third_party_amount="2000")
    assert form.is_valid(), form.errors
    assert [part.annual_amount for part in form.method_amounts()] == [Decimal(50000), Decimal(2000)]


def test_proposal_form_drops_the_amount_of_a_method_that_was_unticked() -> None:
    form = propose(third_party_amount="2000")
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
        ({"annual_amount": "-1"}, "annual_amount", "Annual amount must be £0 or more"),
    ],
)
def test_proposal_form_names_the_field_and_the_remedy(changes: dict[str, str], field: str, message: str) -> None:
    assert message in errors(propose(**changes))[field]


def test_proposal_form_shows_the_whole_share_as_100() -> None:
    assert 'value="100"' in str(ProposalForm(today=TODAY, is_first=True)["nhs_percent"])


def test_end_form_offers_did_not_go_ahead_only_before_the_start() -> None:
    before = dict(EndForm(today=TODAY, started_on=None).fields["end_reason"].choices)
    after = dict(EndForm(today=TODAY, started_on=TODAY).fields["end_reason"].choices)
    assert set(before) - set(after) == {"did_not_go_ahead"}


def test_change_form_asks_for_the_day_first() -> None:
    assert list(ChangeMethodsForm(today=TODAY, whole=Decimal(52000)).fields)[:2] == ["changed_on", "methods"]


def test_form_of_a_further_proposal_asks_why_and_not_who_for() -> None:
    form = ProposalForm(sent(), today=TODAY, is_first=False)
    assert errors(form)["reason"] == ["Enter why it is changed"]
    assert "kind" in form.errors
    assert "lives_in" not in form.fields
