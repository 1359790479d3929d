"""Steps of the journeys, said once."""

import re

from playwright.sync_api import Page, expect

from phb_register import clock
from tests.browser.screenshots import take

LLR = "leicester-leicestershire-and-rutland"


def find_by_nhs_number(page: Page, nhs_number: str) -> None:
    """Begin a referral by the person's NHS number."""
    page.goto("/referrals/new/")
    page.get_by_label(re.compile("NHS number")).fill(nhs_number)
    page.get_by_role("main").get_by_role("button", name="Continue").click()


def describe_new_person(page: Page, given_name: str, family_name: str) -> None:
    """Enter somebody the register does not know: a woman born on 15 June 1970."""
    expect(page).to_have_title(re.compile("About the person"))
    page.get_by_label("Given name").fill(given_name)
    page.get_by_label("Family name").fill(family_name)
    for label, value in (("Day", "15"), ("Month", "6"), ("Year", "1970")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Female", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("Questions about the person"))


def accept_referral(page: Page) -> None:
    """Accept the referral that the page shows."""
    page.get_by_role("button", name="Accept referral").click()
    page.get_by_role("main").get_by_role("button", name="Accept referral").click()
    expect(page.get_by_role("main")).to_contain_text("Accepted")


def propose_budget(page: Page, amount: str, method: str = "Notional budget") -> str:
    """From an accepted referral, propose a budget of one method that the NHS pays; the address of the proposal."""
    page.get_by_role("link", name="Propose a personal health budget").or_(
        page.get_by_role("button", name="Propose a personal health budget")
    ).first.click()
    today = clock.today()
    boxes = page.get_by_role("group", name=re.compile("When is it planned to start"))
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        boxes.get_by_label(label).fill(str(value))
    page.get_by_label("Annual amount", exact=True).fill(amount)
    page.get_by_role("group", name=re.compile("^How is the money managed")).get_by_label(method, exact=True).check()
    if method == "Direct payment":
        page.get_by_label("No court order or licence condition stands against a direct payment").check()
    page.get_by_label("Share paid by the NHS").fill("100")
    page.get_by_label("Their own or a family home").check()
    page.get_by_role("button", name="Save the proposal").click()
    expect(page).to_have_url(re.compile("/budget-proposals/"))
    address = page.url
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("main").get_by_role("button", name="Submit the proposal").click()
    expect(page.get_by_role("main")).to_contain_text("With the lead nurse")
    return address


def approve_proposal(page: Page, address: str) -> None:
    """As the lead nurse, approve the proposal at an address."""
    page.goto(address)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.get_by_role("main").get_by_role("button", name="Approve the budget").click()
    expect(page.get_by_role("main")).to_contain_text("Approved")


def start_budget(page: Page, referral: str) -> None:
    """From the referral that a budget was agreed from, start it today."""
    page.goto(referral)
    page.get_by_role("main").get_by_role("link", name="Personal health budget", exact=True).click()
    page.get_by_role("button", name="Start", exact=True).click()
    today = clock.today()
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_role("button", name="Start the personal health budget").click()
    expect(page).to_have_url(re.compile("/personal-health-budgets/"))


def figure_on_dashboard(page: Page) -> int:
    """How many budgets the dashboard of LLR says are in place today."""
    page.goto("/dashboard/LLR/")
    card = (
        page.get_by_role("main").get_by_text("Personal health budgets in place", exact=True).first.locator("xpath=..")
    )
    found = re.search(r"\b([0-9][0-9,]*)\b", card.inner_text())
    assert found, card.inner_text()
    return int(found[1].replace(",", ""))


def names_on_all_pages(page: Page) -> list[str]:
    """The first column of a list, from its first page to its last."""
    names: list[str] = []
    while True:
        names += page.locator("main table tbody tr > :first-child").all_inner_texts()
        onwards = page.get_by_role("navigation", name="Pagination").get_by_role("link", name=re.compile("^Next"))
        if not onwards.count():
            return [name.strip() for name in names]
        with page.expect_navigation():  # to its last row: its address changes sooner
            onwards.first.click()


def published_editions(page: Page, slug: str = LLR) -> int:
    """The number of the edition that the public reads; not from the browser's cache, where it may be a minute old."""
    page.goto(f"/local-offers/{slug}/")
    page.reload()
    found = re.search(r"Edition\s+([0-9]+)", page.get_by_role("main").inner_text())
    assert found
    return int(found[1])


def submit_new_edition(page: Page, slug: str = LLR, figures_on: tuple[str, str, str] = ("31", "3", "2018")) -> str:
    """Start an edition with the figures of a day and submit it. Returns the address of its page."""
    page.goto(f"/local-offers/{slug}/write/")
    page.get_by_role("button", name="Start a new edition").click()
    for label, value in zip(("Day", "Month", "Year"), figures_on, strict=True):
        page.get_by_label(label).fill(value)
    take(page, "edition-start")
    _press_the_button(page)
    give_reasons(page)
    page.get_by_role("button", name="Submit for approval").click()
    _press_the_button(page)
    return page.url


def give_reasons(page: Page) -> None:
    """From the page of a draft, say why each thing changed that wants a reason, and go back."""
    edition, changes = page.url, page.get_by_role("link", name="Changes, reasons and progress")
    if not changes.count():
        # The first edition: there is none before it.
        return
    changes.click()
    wanted = page.get_by_role("row").filter(has_text="Wanted")
    while wanted.count():
        wanted.first.get_by_role("link").click()
        page.get_by_label("Why has it changed?").fill("Because people asked for it")
        page.get_by_role("button", name="Save and go back to the list").click()
        expect(page).to_have_url(re.compile("/changes/$"))
    take(page, "edition-changes")
    page.goto(edition)


def approve_edition(page: Page, edition: str) -> None:
    """Approve the edition at this address."""
    page.goto(edition)
    page.get_by_role("button", name="Approve").click()
    _press_the_button(page)


def ask_for_publication(page: Page, edition: str) -> None:
    """Ask for the edition at this address to be published."""
    page.goto(edition)
    page.get_by_role("button", name="Publish").click()
    _press_the_button(page)
    expect(page).to_have_url(re.compile("/jobs/"))


def _press_the_button(page: Page) -> None:
    page.get_by_role("main").get_by_role("button").first.click()
