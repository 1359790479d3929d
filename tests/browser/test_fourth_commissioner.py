"""A commissioner that the register knows nothing of enters its whole offer in the browser, and publishes it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.helpers import assert_accessible, sign_in
from tests.browser.screenshots import take
from tests.browser.steps import approve_edition, ask_for_publication, submit_new_edition

TEAM = "team@west-yorkshire.example.nhs.uk"
APPROVER = "approver@west-yorkshire.example.nhs.uk"
CODE, SLUG = "QWO", "west-yorkshire"
COHORT = "Young adults with a brain injury"


def fill_date(group: Locator, day: str, month: str, year: str) -> None:
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label, exact=True).fill(value)


def enter_line(section: Locator, name: str, cohort: str, status: str, note: str) -> None:
    """Fill in the line of this name on the sheet of the timeline."""
    line = section.get_by_role("group", name=name, exact=True)
    line.get_by_label("Who it is for").select_option(label=cohort)
    line.get_by_label("Where it has got to", exact=True).select_option(label=status)
    line.get_by_label("Note").fill(note)
    line.get_by_label("Source").fill("Paper 7, page 2")


def test_fourth_commissioner_enters_and_publishes_its_offer(
    page_without_scripts: Page, another_page: Page, phone_page: Page
) -> None:
    # Given the team of a commissioner that has no local offer, in a browser without scripts
    page = page_without_scripts
    main = page.get_by_role("main")
    sign_in(page, TEAM)
    page.goto("/local-offers/write/")

    # When it starts one, and adds a cohort that no other commissioner has
    page.get_by_role("button", name="Start a local offer").click()
    page.get_by_label("Whose local offer is it?").select_option(label="NHS West Yorkshire ICB")
    page.get_by_label("Title").fill("Personal health budgets in West Yorkshire")
    page.get_by_label("Address").fill(SLUG)
    page.get_by_role("button", name="Start the local offer").click()
    page.get_by_role("link", name="Add a cohort of your own").click()
    page.get_by_label("Name").fill(COHORT)
    page.get_by_label("Who belongs to it?").fill("People from 18 to 30 whose brain was injured.")
    page.get_by_role("button", name="Save the cohort").click()

    # And a timeline of phases without years
    page.get_by_role("button", name="Change the timeline").click()
    page.get_by_role("button", name="Add a year or phase").click()
    first = page.locator(".app-sheet").first
    first.get_by_label("Year or phase", exact=True).fill("Now")
    fill_date(first.get_by_role("group", name="First day", exact=True), "1", "4", "2026")
    enter_line(first, "New year or phase, line 1", "NHS continuing healthcare", "Live", "Everybody found eligible")
    page.get_by_role("button", name="Add a year or phase").click()
    second = page.locator(".app-sheet").nth(1)
    second.get_by_label("Year or phase", exact=True).fill("Next")
    second.get_by_label("Or when, in words").fill("within one to two years")
    enter_line(second, "New year or phase, line 1", COHORT, "Planned", "A first group of twelve")
    take(page, "timeline-sheet")
    page.get_by_role("button", name="Save the timeline").first.click()
    expect(main).to_contain_text("The timeline is saved")

    # And its text, its population and its own target
    page.goto(f"/local-offers/{SLUG}/write/sections/introduction/")
    page.get_by_role("textbox", name="Text").fill("We aim at **{{ figure.target_low }}** or more budgets.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/settings/{CODE}/populations/add/")
    page.get_by_label("Number of people").fill("2400000")
    page.get_by_label("Registered with a GP practice").check()
    fill_date(main, "1", "4", "2026")
    page.get_by_label("Source").fill("Practice lists")
    page.get_by_role("button", name="Save population").click()
    page.goto(f"/dashboard/{CODE}/targets/")
    fill_date(page.get_by_role("group", name="Applies from"), "1", "4", "2026")
    page.get_by_label("As a rate for every 1,000 people").check()
    page.get_by_label("Lower rate per 1,000 people").fill("2")
    page.get_by_label("Upper rate per 1,000 people").fill("4")
    page.get_by_label("Source").fill("Paper 7, page 4")
    page.get_by_role("button", name="Save target").click()
    page.goto(f"/dashboard/{CODE}/")
    expect(main).to_contain_text("The target is 2 to 4 for every 1,000 of 2,400,000 people")
    expect(main).to_contain_text("4,800 to 9,600")

    # And somebody else approves and publishes it
    edition = submit_new_edition(page, SLUG, figures_on=("1", "6", "2026"))
    sign_in(another_page, APPROVER)
    approve_edition(another_page, edition)
    ask_for_publication(another_page, edition)

    # Then the public reads it, on a phone too: cohort, phases, drawing, figure
    expect(another_page.get_by_role("link", name="See the result")).to_be_visible(timeout=60_000)
    phone_page.goto(f"/local-offers/{SLUG}/")
    offer = phone_page.get_by_role("main")
    expect(offer).to_contain_text("We aim at 4,800 or more budgets.")
    row = offer.get_by_role("row").filter(has_text=COHORT)
    expect(row).to_contain_text("Next (within one to two years)")
    expect(row).to_contain_text("Planned")
    drawing = offer.get_by_role("img", name=re.compile("^Drawing of the timeline of NHS West Yorkshire ICB"))
    expect(drawing).to_contain_text(COHORT)
    assert_accessible(phone_page)
