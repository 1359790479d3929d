"""Writing a local offer: every page looked at, at a desk and on a phone, and the writing done without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible, sign_in

TEAM = "team@somerset.example.nhs.uk"
WRITE = "/local-offers/somerset/write/"
PUBLIC = ["/local-offers/", "/local-offers/somerset/", "/local-offers/somerset/editions/1/"]
STAFF = [
    "/local-offers/write/",
    WRITE,
    f"{WRITE}preview/",
    f"{WRITE}sections/funding/",
    f"{WRITE}timeline/",
    f"{WRITE}editions/start/",
    f"{WRITE}editions/1/",
    f"{WRITE}editions/1/withdraw/",
]


@pytest.mark.parametrize("kind", ["page", "phone_page"])
def test_pages_of_the_local_offer_are_accessible(kind: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(kind)
    for address in PUBLIC:
        page.goto(address)
        assert_accessible(page)
    sign_in(page, TEAM)
    for address in STAFF:
        page.goto(address)
        assert_accessible(page)
    page.goto(WRITE)
    page.get_by_role("link", name="Phase 1").click()
    assert_accessible(page)
    page.get_by_label("Year or phase", exact=True).first.fill("")
    page.get_by_role("button", name="Save the timeline").first.click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the year or phase")
    assert_accessible(page)


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
    preview = page.get_by_role("region", name="Preview, not saved")
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
