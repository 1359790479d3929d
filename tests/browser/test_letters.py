"""A letter in a real browser: written without scripts, made into a PDF by the worker, recorded as sent."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.helpers import assert_accessible, sign_in
from tests.browser.screenshots import take

TEAM = "team@llr.example.nhs.uk"
# The job takes a second; the machine may be busy.
TRIES = 30


def pdf_of(page: Page) -> PdfReader:
    """The PDF that the page of a letter links to, as soon as it is there."""
    link = page.get_by_role("link", name="Letter as a PDF")
    for _ in range(TRIES):
        if link.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    return PdfReader(io.BytesIO(page.request.get(str(link.get_attribute("href"))).body()))


def test_letter_is_written_previewed_saved_and_sent_without_scripts(
    page_without_scripts: Page, phone_page: Page
) -> None:
    page = page_without_scripts
    sign_in(page, TEAM)
    page.goto("/referrals/?status=declined")
    # The demonstration wrote about the newest one, and journeys decline others.
    page.locator("main table a").last.click()
    referral = page.url
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_role("button", name="Continue").click()
    address = page.url
    page.get_by_label("Reasons").fill("A reason of the journey.")
    page.get_by_role("button", name="Preview without saving").click()
    expect(page.get_by_role("heading", name="Preview, not saved")).to_be_visible()
    page.get_by_role("button", name="Save letter").click()
    letter = page.url
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    words = re.sub(r"\s+", " ", " ".join(each.extract_text() for each in pdf_of(page).pages))
    assert "A reason of the journey." in words
    page.get_by_role("button", name="Record as sent").click()
    page.get_by_label("By post").check()
    page.get_by_role("button", name="Record as sent").click()
    expect(page.get_by_text("By post on")).to_be_visible()
    page.goto(referral)
    page.get_by_role("link", name="See the person’s record").click()
    page.get_by_role("link", name="Everything that happened, on one page").click()
    expect(page.get_by_role("main")).to_contain_text("Letter sent")
    take(page, "person-timeline", is_whole=True)
    sign_in(phone_page, TEAM)
    for each in (letter, address, f"{letter}sent/", f"{letter}replace/", "/settings/LLR/letters/"):
        phone_page.goto(each)
        assert_accessible(phone_page)
    phone_page.get_by_role("link", name="Referral declined (easy read)").click()
    phone_page.get_by_role("button", name="Preview without saving").click()
    expect(phone_page.get_by_role("heading", name="Preview with examples, not saved")).to_be_visible()
    assert_accessible(phone_page)
