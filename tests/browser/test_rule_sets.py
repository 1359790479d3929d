"""A version of a rule set in two people's hands: written, tried, sent back, mended, approved."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.helpers import assert_accessible, sign_in
from tests.browser.screenshots import take

TEAM, APPROVER = "team@llr.example.nhs.uk", "approver@llr.example.nhs.uk"
RULE_SET = "/rule-sets/llr-long-term-condition/"


def fill_date(page: Page, legend: str, day: str, month: str, year: str) -> None:
    boxes = page.get_by_role("group", name=legend)
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        boxes.get_by_label(label).fill(value)


def test_version_is_written_by_one_and_approved_by_another(page: Page, another_page: Page) -> None:
    # Given a copy of the version in use
    sign_in(page, TEAM)
    page.goto("/rule-sets/")
    assert_accessible(page)
    page.goto(RULE_SET)
    assert_accessible(page)
    page.get_by_role("button", name="Start a version").click()
    assert_accessible(page)
    fill_date(page, "First day", "1", "4", "2031")
    page.get_by_label("What changes, and why?").fill("The wording of the new paper")
    page.get_by_role("button", name="Start the version").click()
    assert_accessible(page)

    # When its details are changed on a phone
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Change the details").click()
    page.get_by_label("Sentence that explains it").fill("People with a long-term condition may be considered.")
    assert_accessible(page)
    page.get_by_role("button", name="Save the details").click()
    assert_accessible(page)
    page.get_by_role("link", name="Change the warnings and conditions").click()
    assert_accessible(page)
    page.get_by_role("link", name="Back to the version").click()

    # And a case is added that cannot come out so
    page.get_by_role("link", name="See the worked cases").click()
    assert_accessible(page)
    page.get_by_role("button", name="Add a case").click()
    page.get_by_label("Name of the case").fill("too-much")
    page.get_by_label("What must the answer be?").select_option("right_to_have")
    assert_accessible(page)
    page.get_by_role("button", name="Save the case").click()
    expect(page.get_by_text("expected right to have").first).to_be_visible()
    assert_accessible(page)

    # Then it can be submitted
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Back to the version").click()
    page.get_by_role("button", name="Submit for approval").click()
    assert_accessible(page)
    page.get_by_role("button", name="Submit for approval").click()
    address = page.url

    # But not approved: the approver is told which case fails, and sends it back
    sign_in(another_page, APPROVER)
    assert_accessible(another_page)
    another_page.goto(address)
    assert_accessible(another_page)
    another_page.get_by_role("button", name="Approve").click()
    another_page.get_by_role("button", name="Approve").click()
    expect(another_page.get_by_text("too-much: outcome").first).to_be_visible()
    assert_accessible(another_page)
    another_page.goto(address)
    another_page.get_by_role("button", name="Send back").click()
    another_page.get_by_label("Reason").fill("The case expects too much")
    another_page.get_by_role("button", name="Send back").click()

    # When the case is taken out, and the version submitted again
    page.goto("/")
    page.get_by_role("link", name="version 2").last.click()
    page.get_by_role("link", name="See the worked cases").click()
    page.get_by_role("link", name="Remove too-much").click()
    assert_accessible(page)
    page.get_by_role("button", name="Remove the case").click()
    page.goto(address)
    page.get_by_role("link", name="Compare with version 1 (approved)").click()
    expect(page.get_by_text("People with a long-term condition may be considered.").first).to_be_visible()
    assert_accessible(page)
    page.goto(address)
    page.get_by_role("button", name="Submit for approval").click()
    page.get_by_role("button", name="Submit for approval").click()

    # Then it is approved
    another_page.goto(address)
    another_page.get_by_role("button", name="Approve").click()
    another_page.get_by_role("button", name="Approve").click()
    expect(another_page.get_by_text("Version 2 is approved")).to_be_visible()

    # And one whose wording can be read in four ways fits a phone too
    another_page.goto("/rule-sets/llr-ld-autism-child/versions/2/")
    expect(another_page.get_by_text("6 cases pass")).to_be_visible()
    take(another_page, "rule-set-version", is_whole=True)
    another_page.set_viewport_size(PHONE)
    assert_accessible(another_page)
    another_page.get_by_role("link", name="Compare with version 1 (approved)").click()
    assert_accessible(another_page)
