"""The register and the pages of a budget in a real browser: free of faults that axe finds, usable without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible_everywhere, sign_in

TEAM = "team@llr.example.nhs.uk"
LEAD_NURSE = "leadnurse@llr.example.nhs.uk"
BUDGET = re.compile(r"/personal-health-budgets/[0-9a-f-]{36}/$")


def open_first(page: Page, address: str) -> str:
    """The first budget of the register under these filters; returns its address."""
    page.goto(address)
    page.locator("main table a").first.click()
    expect(page).to_have_url(BUDGET)
    return page.url


def test_pages_of_budgets_are_accessible(page: Page) -> None:
    sign_in(page, TEAM)
    page.goto("/register/?as_at_day=33&state=ended")
    assert_accessible_everywhere(page)
    open_first(page, "/register/?state=ended")
    page.get_by_text("History of this record").click()
    assert_accessible_everywhere(page)
    budget = open_first(page, "/register/?state=agreed")
    assert_accessible_everywhere(page)
    for name in ("start", "change-methods", "end"):
        page.goto(f"{budget}{name}/")
        assert_accessible_everywhere(page)
        page.locator("main form button[type=submit], main form button:not([type])").last.click()
        assert_accessible_everywhere(page)


def test_page_that_proposes_a_budget_is_accessible_with_its_errors(page: Page) -> None:
    sign_in(page, TEAM)
    page.goto("/")
    page.locator("section", has_text="Budgets to propose").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Propose a budget")).to_be_visible()
    assert_accessible_everywhere(page)
    page.get_by_label("Share paid by the NHS").fill("60")
    page.get_by_label("Direct payment", exact=True).first.check()
    page.get_by_role("button", name="Save the proposal").click()
    expect(page.get_by_role("link", name="The shares add to 60. Change them so that they add to 100")).to_be_visible()
    assert_accessible_everywhere(page)


def test_pages_of_approval_are_accessible(page: Page) -> None:
    sign_in(page, LEAD_NURSE)
    page.goto("/budget-proposals/?status=submitted")
    assert_accessible_everywhere(page)
    page.locator("main table tbody a").first.click()
    assert_accessible_everywhere(page)
    proposal = page.url
    for step in ("approve", "decline", "return", "refer"):
        page.goto(f"{proposal}{step}/")
        assert_accessible_everywhere(page)
    page.goto("/risk-panels/")
    assert_accessible_everywhere(page)
    page.locator("main table tbody a").first.click()
    assert_accessible_everywhere(page)


def test_register_is_searched_filtered_and_walked_without_scripts(page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, TEAM)
    page.goto("/register/")
    page.get_by_text("Filter the register").click()
    page.get_by_label("State").select_option("In place")
    for part, value in (("Day", "7"), ("Month", "2"), ("Year", "2017")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("122 personal health budgets, as at 7 February 2017.")).to_be_visible()
    page.get_by_role("link", name="Older").click()
    page.get_by_role("link", name="Older").click()
    expect(page.locator("main table tbody tr")).to_have_count(22)
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("main table tbody tr")).to_have_count(50)
    name = page.locator("main table tbody th").first.inner_text()
    page.get_by_label("Name or NHS number").fill(name.replace(",", ""))
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main table tbody")).to_contain_text(name)
    family_name = name.split(",")[0]
    assert family_name.lower() not in page.url.lower()
