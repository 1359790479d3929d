"""Writing a local offer: with a live preview, without scripts, and beside somebody else."""

import re

from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible, assert_accessible_everywhere, sign_in

TEAM = "team@somerset.example.nhs.uk"
WRITE = "/local-offers/somerset/write/"


def test_timeline_sheet_with_an_error_is_accessible(page: Page) -> None:
    sign_in(page, TEAM)
    page.goto(WRITE)
    page.get_by_role("link", name="Phase 1").click()
    page.get_by_label("Year or phase", exact=True).first.fill("")
    page.get_by_role("button", name="Save the timeline").first.click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the year or phase")
    assert_accessible_everywhere(page)


def test_section_is_written_without_scripts_and_a_conflict_loses_nothing(
    page_without_scripts: Page, another_page: Page
) -> None:
    # Given two writers who have the same section open
    page = page_without_scripts
    for each in (page, another_page):
        sign_in(each, TEAM)
        each.goto(f"{WRITE}sections/equality/")

    # When one previews and saves, and then the other saves
    page.get_by_role("textbox", name="Text").fill("Everybody is **welcome**: {{ figure.phbs_in_place }} already came.")
    page.get_by_role("button", name="Preview without saving").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("welcome")
    expect(preview).not_to_contain_text("figure.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("“Equality” is saved")
    another_page.get_by_role("textbox", name="Text").fill("My own words")
    another_page.get_by_role("button", name="Save", exact=True).click()

    # Then the second sees both texts, and decides
    expect(another_page.get_by_role("alert").first).to_contain_text("changed this section after you opened it")
    expect(another_page.get_by_role("main")).to_contain_text("already came.")
    expect(another_page.get_by_role("textbox", name="Text")).to_have_value("My own words")
    assert_accessible(another_page)
    another_page.get_by_role("button", name="Save", exact=True).click()
    expect(another_page.get_by_role("main")).to_contain_text("“Equality” is saved")


def test_section_is_written_with_a_live_preview_and_kept_until_it_is_saved(page: Page) -> None:
    # Given a writer who has a section open
    sign_in(page, TEAM)
    address = f"{WRITE}sections/brokerage-and-support/"
    page.goto(address)
    text = page.get_by_role("textbox", name="Text")
    preview = page.get_by_role("region", name="Preview")

    # When they type, and pick a figure where the cursor is
    text.fill("Already  budgets are **in place**.")
    text.evaluate("field => field.setSelectionRange(8, 8)")
    page.locator("summary", has_text="Figures you can use").click()
    page.get_by_role("button", name="Put in Personal health budgets in place").click()

    # Then the text has its slot there, the preview its value, and nothing is saved
    expect(text).to_have_value("Already {{ figure.phbs_in_place }} budgets are **in place**.")
    expect(preview).to_contain_text("not saved yet")
    expect(preview.locator("strong")).to_have_text("in place")
    expect(preview).not_to_contain_text("figure.")
    assert_accessible(page)

    # And it is there when they come back, until they throw it away
    page.goto(address)
    expect(text).to_have_value("Already {{ figure.phbs_in_place }} budgets are **in place**.")
    page.get_by_role("button", name="Throw it away and see what is saved").click()
    expect(text).to_have_value(re.compile("buy brokerage together"))


def test_easy_read_shows_its_pictures_and_its_grade_while_it_is_written(page: Page) -> None:
    sign_in(page, TEAM)
    page.goto(f"{WRITE}sections/equality/easy-read/")
    how_it_reads = page.get_by_role("region", name="How it reads")
    expect(how_it_reads).to_contain_text("Easy: grade")

    first = page.get_by_role("group", name="Line 1", exact=True)
    first.get_by_label("Words").fill("Eligibility is determined by multidisciplinary assessment")
    expect(how_it_reads.get_by_role("table")).to_contain_text("multidisciplinary")
    first.get_by_label("Words").fill("We are fair to you.")
    first.locator("summary").click()
    first.get_by_role("radio", name="A house").check()
    expect(how_it_reads.get_by_role("img", name="A house")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("The easy read version of “Equality” is saved")
