"""Criteria written from nothing, by keyboard alone: at a desk, and then at the width of a phone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.helpers import assert_accessible, enter, sign_in, tab_to
from tests.browser.screenshots import take

TEAM = "team@llr.example.nhs.uk"


def pick(page: Page, fact: str) -> None:
    """Pick a fact from the list."""
    tab_to(page, fact)
    enter(page)


def save(page: Page) -> None:
    """Reach the button and press it."""
    tab_to(page, "Save")
    enter(page)


def more(page: Page, place: str, action: str) -> None:
    """Unfold what else can be done at a place, and do it."""
    tab_to(page, f"More: {place}")
    page.keyboard.press("Enter")
    tab_to(page, f"{action}: {place}")
    enter(page)


def start_draft(page: Page) -> None:
    """A rule set with an empty draft."""
    page.goto("/rule-sets/new/")
    page.get_by_label("Who is it about?").fill("Adults who left a care home")
    page.get_by_label("Which cohort of the local offer?").select_option(index=1)
    page.get_by_label("Whose criteria are they?").select_option(index=1)
    page.get_by_role("button", name="Add the rule set").click()
    for label, value in (("Day", "1"), ("Month", "4"), ("Year", "2031")):
        page.get_by_label(label).fill(value)
    page.get_by_label("What changes, and why?").fill("The first criteria for this cohort")
    page.get_by_role("button", name="Start the version").click()


def test_criteria_are_written_by_keyboard_alone_at_a_desk_and_on_a_phone(page: Page) -> None:
    # Given an empty draft
    sign_in(page, TEAM)
    start_draft(page)
    tab_to(page, "Change the criteria")
    enter(page)
    expect(page.get_by_text("1 place is still to be filled in")).to_be_visible()
    assert_accessible(page)

    # When an age is asked for
    tab_to(page, "Add a condition: All of these")
    enter(page)
    assert_accessible(page)
    pick(page, "Age")
    assert_accessible(page)
    tab_to(page, "comparison")
    page.keyboard.press("Space")
    tab_to(page, "number")
    page.keyboard.type("18")
    enter(page)

    # And either of two things
    more(page, "All of these", "Add a group: any of these")
    tab_to(page, "Add a condition: Any of these")
    enter(page)
    pick(page, "Autism")
    tab_to(page, "answer")
    page.keyboard.press("Space")
    save(page)
    take(page, "criteria-editor", is_whole=True)

    # And on a phone the other of the two, and what rules it out
    page.set_viewport_size(PHONE)
    tab_to(page, "Add a condition: Any of these")
    enter(page)
    assert_accessible(page)
    pick(page, "Learning disability")
    assert_accessible(page)
    tab_to(page, "answer")
    page.keyboard.press("Space")
    save(page)
    more(page, "All of these", "Add: none of this")
    tab_to(page, "Add a condition: Nothing yet")
    enter(page)
    pick(page, "Where they live")
    tab_to(page, "answers")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    save(page)
    assert_accessible(page)

    # Then the criteria are finished, and the version says them in words
    expect(page.get_by_text("still to be filled in")).to_have_count(0)
    tab_to(page, "Back")
    enter(page)
    words = page.locator("ul.app-criteria").first
    expect(words).to_have_text(
        "All of these: Age: 18 or over Any of these: Autism: yes Learning disability: yes "
        "None of this: Where they live: in a care home"
    )
    assert_accessible(page)
