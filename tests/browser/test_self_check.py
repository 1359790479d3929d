"""The public self-check on a phone without scripts, and the answer forming while a nurse picks answers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.helpers import assert_accessible, sign_in
from tests.browser.screenshots import take
from tests.browser.steps import LLR, describe_new_person, find_by_nhs_number
from tests.factories.phb_register import synthetic_nhs_numbers

NURSE = "nurse@llr.example.nhs.uk"


@pytest.fixture
def plain_phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE, "java_script_enabled": False})
    yield context.new_page()
    context.close()


def answer(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Continue").click()


def test_anybody_checks_on_a_phone_without_scripts_or_cookies(plain_phone: Page) -> None:
    page = plain_phone
    page.goto(f"/local-offers/{LLR}/")
    page.get_by_role("link", name="Check whether you can have a personal health budget").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Can I have a personal health budget?")
    answer(page, "25 or over")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Do you have NHS continuing healthcare (CHC)?")
    answer(page, "I do not know")
    page.get_by_role("button", name="Go back one page").click()
    answer(page, "Yes, the NHS decided that I can have it")
    expect(page.get_by_role("heading", level=1)).to_have_text("You probably have a right to a personal health budget")
    expect(page.get_by_text("How to ask for one")).to_be_visible()
    take(page, "self-check-result")
    assert page.url.endswith("/can-i-have-one/")
    assert page.context.cookies() == []


def test_pages_of_the_self_check_are_accessible(phone_page: Page) -> None:
    phone_page.goto(f"/local-offers/{LLR}/can-i-have-one/")
    assert_accessible(phone_page)
    phone_page.get_by_role("button", name="Continue").click()
    assert_accessible(phone_page)
    answer(phone_page, "Under 16")
    assert_accessible(phone_page)
    answer(phone_page, "Yes, the NHS decided that I can have it")
    expect(phone_page).to_have_title(re.compile("You probably have a right"))
    assert_accessible(phone_page)
    assert phone_page.context.cookies() == []


def test_answer_forms_as_answers_are_picked_and_a_referral_is_screened_again(page: Page) -> None:
    numbers = synthetic_nhs_numbers()
    for _ in range(600_000):
        next(numbers)
    sign_in(page, NURSE)
    find_by_nhs_number(page, next(numbers))
    describe_new_person(page, "Orla", "Redstart")
    panel = page.get_by_role("complementary", name="The answer so far")
    expect(panel).to_contain_text("Nothing is settled yet")
    page.get_by_label("Not eligible", exact=True).check()
    expect(panel).to_contain_text("after this page")
    expect(panel).to_contain_text("Nothing is settled yet")
    page.get_by_label("Eligible", exact=True).check()
    expect(panel).to_contain_text("This person has a right to have a personal health budget")
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Submit referral").click()
    page.get_by_role("link", name="See the referral and the answer").click()
    page.get_by_role("link", name="Screen the referral again").click()
    assert_accessible(page)
    page.get_by_label("Why do you screen again?").fill("CHC was reviewed")
    page.get_by_role("button", name="Continue").click()
    assert_accessible(page)
    page.get_by_role("link", name="Change what was decided about NHS continuing healthcare").click()
    page.get_by_label("Not eligible", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("Not eligible (was: eligible)")
    page.get_by_role("button", name="Store the new answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Screening as on")
    assert_accessible(page)
