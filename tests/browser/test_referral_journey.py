"""The nurse's journey in a real browser: by keyboard alone, without scripts, and free of faults that axe can find."""

import itertools
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible_everywhere, enter, sign_in, tab_to
from tests.factories.phb_register import synthetic_nhs_numbers

NURSE = "nurse@llr.example.nhs.uk"
TEAM = "team@llr.example.nhs.uk"


@pytest.fixture(scope="session")
def new_numbers() -> Iterator[str]:
    """NHS numbers that nobody of the demonstration has: from far along the synthetic range."""
    numbers = synthetic_nhs_numbers()
    for _ in range(500_000):
        next(numbers)
    return numbers


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


# One born each year, so that nobody looks like the person of an earlier journey.
YEARS = itertools.count(1941)


def describe(page: Page) -> None:
    """Fill in the details of a new person."""
    page.get_by_label("Given name").fill("Testa")
    page.get_by_label("Family name").fill("Sandpiper")
    for label, value in (("Day", "15"), ("Month", "6"), ("Year", str(next(YEARS)))):
        page.get_by_label(label).fill(value)
    page.get_by_label("Female").check()


def test_referral_without_scripts_on_every_page(page_without_scripts: Page, new_numbers: Iterator[str]) -> None:
    page = page_without_scripts
    sign_in(page, NURSE)
    page.get_by_role("link", name="Make a referral").click()
    page.get_by_label("What is the person’s NHS number?").fill(next(new_numbers))
    press(page, "Continue")
    describe(page)
    press(page, "Continue")
    page.get_by_label("Eligible", exact=True).check()
    press(page, "Continue")
    expect(page.get_by_text("The answer so far")).to_be_visible()
    press(page, "Continue")
    expect(page.get_by_text("This person has a right to have a personal health budget")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    press(page, "Submit referral")
    expect(page.get_by_role("heading", name="Referral submitted")).to_be_visible()


def test_referral_by_keyboard_alone(page: Page, new_numbers: Iterator[str]) -> None:
    """Tab, arrows, space and enter; whatever has the focus can be seen."""
    sign_in(page, NURSE)
    tab_to(page, "Make a referral")
    enter(page)
    tab_to(page, "nhs_number")
    page.keyboard.type(next(new_numbers))
    enter(page)
    tab_to(page, "given_name")
    for typed in ("Testa", "Sandpiper", "15", "6", str(next(YEARS))):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "Continue")
    enter(page)
    tab_to(page, "chc")
    page.keyboard.press("Space")
    tab_to(page, "Continue")
    enter(page)
    tab_to(page, "Continue")
    enter(page)
    expect(page.get_by_text("This person has a right to have a personal health budget")).to_be_visible()
    tab_to(page, "Continue")
    enter(page)
    tab_to(page, "Submit referral")
    enter(page)
    expect(page.get_by_role("heading", name="Referral submitted")).to_be_visible()


def test_referral_of_a_known_chc_adult_by_keyboard_within_a_minute_and_twelve_interactions(
    page: Page, new_numbers: Iterator[str]
) -> None:
    """An interaction is one thing typed or chosen, or one button or link pressed. What was known is confirmed."""
    sign_in(page, NURSE)
    number = next(new_numbers)
    page.goto("/referrals/new/")
    page.get_by_label("What is the person’s NHS number?").fill(number)
    press(page, "Continue")
    describe(page)
    press(page, "Continue")
    page.get_by_label("Eligible", exact=True).check()
    press(page, "Continue")
    press(page, "Continue")
    page.get_by_role("button", name="Continue").click()
    press(page, "Submit referral")
    page.goto("/")
    begun, interactions = time.monotonic(), 0
    for wanted, typed in (("Make a referral", ""), ("nhs_number", number), ("Yes, this is the person", "")):
        tab_to(page, wanted)
        page.keyboard.type(typed)
        interactions += 1 + bool(typed)
        enter(page)
    expect(page.get_by_text("Known from the screening of")).to_be_visible()
    expect(page.get_by_label("Eligible", exact=True)).to_be_checked()
    for wanted in ("Continue", "Continue", "Continue", "Submit referral"):
        tab_to(page, wanted)
        interactions += 1
        enter(page)
    expect(page.get_by_role("heading", name="Referral submitted")).to_be_visible()
    assert interactions < 12
    assert time.monotonic() - begun < 60


def test_pages_of_the_journey_are_accessible(page: Page, new_numbers: Iterator[str]) -> None:
    sign_in(page, NURSE)
    page.goto("/referrals/new/without-nhs-number/")
    assert_accessible_everywhere(page)
    page.goto("/referrals/new/")
    assert_accessible_everywhere(page)
    page.get_by_label("What is the person’s NHS number?").fill("12")
    press(page, "Continue")
    assert_accessible_everywhere(page)
    page.get_by_label("What is the person’s NHS number?").fill(next(new_numbers))
    press(page, "Continue")
    assert_accessible_everywhere(page)
    describe(page)
    press(page, "Continue")
    assert_accessible_everywhere(page)
    page.get_by_label("Eligible", exact=True).check()
    press(page, "Continue")
    assert_accessible_everywhere(page)
    page.get_by_label("In a care home").check()
    press(page, "Continue")
    assert_accessible_everywhere(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    assert_accessible_everywhere(page)
    press(page, "Submit referral")
    assert_accessible_everywhere(page)


def test_pages_of_a_decision_are_accessible(page: Page) -> None:
    sign_in(page, TEAM)
    page.goto("/referrals/?status=submitted")
    assert_accessible_everywhere(page)
    page.locator("main table a").first.click()
    expect(page).to_have_url(re.compile(r"/referrals/[0-9a-f-]{36}/$"))
    assert_accessible_everywhere(page)
    referral = page.url
    for name in ("accept", "accept-in-part", "decline", "withdraw"):
        page.goto(f"{referral}{name}/")
        assert_accessible_everywhere(page)
