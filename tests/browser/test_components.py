"""The gallery of components in a browser: accessible, on a desk and on a phone, with script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import assert_accessible, assert_accessible_everywhere, sign_in

GALLERY = "/components/"


def assert_gallery_holds(page: Page) -> None:
    page.goto(GALLERY)
    assert_accessible(page)
    page.get_by_label("Direct payment").check()
    expect(page.get_by_label("Name of the payee")).to_be_visible()
    page.get_by_label("Day").first.fill("99")
    page.get_by_role("button", name="Check the form").click()
    expect(page).to_have_title(re.compile("^Error: Components"))
    assert_accessible(page)


def test_gallery_is_accessible_on_a_desk_before_and_after_errors(page: Page) -> None:
    assert_gallery_holds(page)


def test_gallery_is_accessible_on_a_phone_before_and_after_errors(phone_page: Page) -> None:
    assert_gallery_holds(phone_page)


ALIKE = "".join(f"<li><span>Word {number}</span></li>" for number in range(20))


@pytest.mark.parametrize(
    "odd",
    [
        '<li><span style="color: #999">Faint</span></li>',
        '<li style="background: #666"><span>In the dark</span></li>',
        '<li style="opacity: 0.4"><span>Pale</span></li>',
    ],
)
def test_look_finds_one_faint_word_among_many_that_look_alike(page: Page, odd: str) -> None:
    whole = '<html lang="en"><title>Words</title><main><h1>Words</h1><ul>{}</ul></main></html>'
    page.set_content(whole.format(ALIKE))
    assert_accessible(page)
    page.set_content(whole.format(ALIKE + odd + ALIKE))
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


def test_error_summary_has_focus_and_leads_to_each_control(page: Page) -> None:
    page.goto(GALLERY)
    page.get_by_role("button", name="Check the form").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()

    links = page.locator(".nhsuk-error-summary a")
    assert links.count() > 8
    for link in links.all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_questions_that_follow_are_hidden_until_asked(page: Page) -> None:
    page.goto(GALLERY)

    expect(page.get_by_label("Name of the payee")).to_be_hidden()
    page.get_by_label("Direct payment").check()
    expect(page.get_by_label("Name of the payee")).to_be_visible()
    page.get_by_label("Notional").check()
    expect(page.get_by_label("Name of the payee")).to_be_hidden()


def test_gallery_shows_every_question_without_script(page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(GALLERY)

    expect(page.get_by_label("Name of the payee")).to_be_visible()
    page.get_by_label("Notional").check()
    page.get_by_role("button", name="Check the form").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Enter full name")
    expect(page.locator(".nhsuk-error-summary")).not_to_contain_text("payee")


def test_page_asks_nothing_of_other_hosts_and_breaks_no_rule_of_the_policy(page: Page, base_url: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(GALLERY)
    page.wait_for_load_state("networkidle")

    assert not [url for url in asked if not url.startswith(base_url)]
    assert not said
    assert page.evaluate("getComputedStyle(document.querySelector('p')).fontFamily") == "arial, sans-serif"


@pytest.mark.parametrize("path", ["/accessibility/", "/nothing/"])
def test_page_for_everybody_is_accessible(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible_everywhere(page)


def test_session_warning_is_shown_in_time_and_a_press_keeps_one_signed_in(page: Page) -> None:
    sign_in(page, "team@llr.example.nhs.uk")
    page.clock.install()
    page.goto("/")
    dialog = page.get_by_role("dialog")
    seconds = int(page.locator("#idle-warning").get_attribute("data-session-seconds") or 0)

    page.clock.run_for((seconds - 110) * 1000)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("2 minutes")
    expect(dialog.get_by_role("button")).to_be_focused()
    assert_accessible(page)
    with page.expect_response("**/stay-signed-in/") as answer:
        dialog.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
