"""Every page, as each role finds it: accessible at a desk and on a phone, and quiet in the browser's console."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.helpers import assert_accessible_everywhere, sign_in

OFFER = "/local-offers/leicester-leicestershire-and-rutland/"

# By whose they are: a role of LLR or "role@place", and after a comma a part of its work, so that no test takes long.
PAGES = {
    "": [
        "/local-offers/",
        OFFER,
        f"{OFFER}editions/",
        f"{OFFER}editions/1/",
        f"{OFFER}editions/compare/",
        f"{OFFER}editions/1/compared-with/2/",
        f"{OFFER}easy-read/",
        f"{OFFER}how-to-ask/",
        "/check-a-pdf/",
        f"{OFFER}consultations/",
        f"{OFFER}consultations/1/",
        "/local-offers/surrey/consultations/1/comment/",
        "/local-offers/surrey/consultations/1/thanks/",
        "/feedback/",
        "/feedback/thanks/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/privacy/",
    ],
    "nurse": [
        "/",
        "/people/",
        "/referrals/",
        "/referrals/new/",
        "/referrals/new/without-nhs-number/",
        "/register/",
        "/delegated-tasks/",
        "/reviews/",
    ],
    "team": [
        "/",
        "/register/",
        "/register/imports/",
        "/register/imports/upload/",
        "/dashboard/LLR/",
        "/dashboard/LLR/?as_at=2017-02-07",
        "/settings/LLR/",
        "/settings/LLR/populations/add/",
        "/settings/LLR/prohibited-purchases/",
        "/outcome-scales/LLR/new/",
        "/targets/",
        "/board-packs/plan/",
        "/transfers/",
        "/dashboard/LLR/targets/",
        "/dashboard/LLR/eligible-populations/",
        "/eligible-people/imports/",
        "/eligible-people/imports/upload/",
        "/areas/imports/",
        "/areas/imports/upload/",
    ],
    "team, uptake": [
        "/dashboard/",
        "/dashboard/QK1/",
        "/dashboard/LLR/people/phbs_in_place/",
        "/dashboard/LLR/pace/",
        "/dashboard/LLR/trajectories/",
        "/dashboard/LLR/variation/",
        "/dashboard/LLR/variation/recalculations/",
        "/dashboard/LLR/equity/",
        "/dashboard/LLR/equity/people/?characteristic=sex&group=female",
        "/dashboard/LLR/equity/counts/",
        "/dashboard/LLR/pathway/",
        "/dashboard/LLR/pathway/people/people_by_answer/",
        "/dashboard/LLR/counting/",
        "/dashboard/LLR/counting/change/",
        "/dashboard/LLR/disclosure-log/",
    ],
    "team, returns and reports": [
        "/dashboard/LLR/national-returns/",
        "/dashboard/QK1/national-returns/2026-27-q1/",
        "/dashboard/QK1/national-returns/2026-27-q1/people/quarter_end-total-everybody/",
        "/dashboard/QK1/national-returns/2026-27-q1/changes/quarter_end/",
        "/dashboard/QK1/national-returns/2026-27-q1/submit/",
        "/national-returns/windows/",
        "/dashboard/LLR/snapshots/",
        "/dashboard/LLR/snapshots/freeze/",
        "/dashboard/LLR/snapshots/compare/",
        "/dashboard/LLR/extract/",
        "/dashboard/LLR/reports/",
        "/dashboard/LLR/reports/make/",
        "/dashboard/LLR/reports/subscribe/",
    ],
    "team, writing": [
        f"{OFFER}write/preview/",
        f"{OFFER}write/preview/easy-read/",
        f"{OFFER}write/preview/large-print/",
        f"{OFFER}write/sections/introduction/",
        f"{OFFER}write/sections/funding/easy-read/",
        f"{OFFER}write/cohorts/add/",
        f"{OFFER}write/reviewed/",
        f"{OFFER}write/timeline/",
        f"{OFFER}write/editions/start/",
        f"{OFFER}write/editions/2/",
        f"{OFFER}write/editions/2/changes/",
        "/local-offers/write/programme-due/",
        "/local-offers/write/",
        "/feedback/received/",
        f"{OFFER}write/consultations/1/",
        f"{OFFER}write/",
        f"{OFFER}programme/swoc/",
        f"{OFFER}programme/risks/",
        f"{OFFER}programme/risks/1/",
        f"{OFFER}programme/risks/add/",
        f"{OFFER}programme/board-pack/",
    ],
    "leadnurse": ["/", "/budget-proposals/"],
    "panel": ["/", "/risk-panels/"],
    "finance": [
        "/",
        "/payment-runs/",
        "/payment-runs/new/",
        "/partner-invoices/",
        "/returns/",
        "/surpluses/",
        "/money/LLR/",
        "/money/LLR/unit-costs/",
        "/rate-cards/LLR/",
        "/support-organisations/",
    ],
    "approver": ["/", f"{OFFER}write/"],
    "board": [
        "/",
        "/money/LLR/",
        "/reviews/outcomes/",
        "/dashboard/LLR/?as_at=2017-02-28",
        "/board-packs/",
        f"{OFFER}programme/",
    ],
    "board, uptake": [
        "/dashboard/LLR/pace/",
        "/dashboard/LLR/variation/",
        "/dashboard/LLR/equity/",
        "/dashboard/LLR/pathway/",
        "/dashboard/QK1/national-returns/2026-27-q1/",
    ],
    "analyst@england": [
        "/",
        "/dashboard/ENG/",
        "/dashboard/ENG/variation/",
        "/dashboard/ENG/equity/",
        "/dashboard/ENG/national-returns/",
        "/dashboard/ENG/reports/",
        "/dashboard/QSL/",
    ],
    # Whose commissioner has nothing yet.
    "team@west-yorkshire": [
        "/dashboard/QWO/",
        "/dashboard/QWO/pace/",
        "/dashboard/QWO/variation/",
        "/dashboard/QWO/equity/",
        "/dashboard/QWO/pathway/",
        "/dashboard/QWO/snapshots/compare/",
    ],
    # Who works for several commissioners, and imported what they have.
    "team@registers": ["/dashboard/", "/dashboard/QR1/", "/register/imports/"],
    "auditor": ["/", "/access-log/"],
    "admin": ["/users/", "/outbox/", "/users/give-role/", "/settings/", "/accounts/2fa/", "/accounts/logout/"],
}

# Records are reached through the lists, as a user does; then every page that is one click away from them.
LISTS = {"/people/": "nurse", "/referrals/": "team", "/register/": "team", "/users/": "admin", "/board-packs/": "board"}

REFUSALS = {"/nothing-of-the-kind/": 404, "/people/00000000-0000-4000-8000-000000000000/": 404, "/access-log/": 403}


@pytest.fixture
def screen(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page that fails on anything the browser complains about."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.text} at {message.location}")

    context = browser.new_context(viewport=DESKTOP, base_url=base_url)
    page = context.new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints, complaints


@pytest.mark.parametrize("whose", PAGES)
def test_pages_of_a_role_are_accessible(screen: Page, whose: str) -> None:
    role = whose.partition(",")[0]
    if role:
        sign_in(screen, f"{role if '@' in role else f'{role}@llr'}.example.nhs.uk")
    for address in PAGES[whose]:
        answer = screen.goto(address)
        assert answer, address
        assert answer.status == 200, f"{address} answered {answer.status}"
        # England's figures are counted when they are first asked for; the page goes on by itself.
        expect(screen.locator("h1")).not_to_contain_text("Figures are being put together", timeout=60_000)
        assert_accessible_everywhere(screen)
        assert screen.locator("h1").count() == 1, f"{address} needs one heading of the first level"


@pytest.mark.parametrize("address", LISTS)
def test_records_behind_a_list_are_accessible(screen: Page, address: str) -> None:
    sign_in(screen, f"{LISTS[address]}@llr.example.nhs.uk")
    screen.goto(address)
    records = [link.get_attribute("href") for link in screen.locator("main table tbody a").all()]
    assert records
    screen.goto(str(records[0]))
    assert_accessible_everywhere(screen)
    assert screen.locator("h1").count() == 1
    links = [link.get_attribute("href") or "" for link in screen.locator("main a:not([download])").all()]
    for link in sorted({link for link in links if link.startswith((str(records[0]), address))}):
        answer = screen.goto(link)
        assert answer, link
        assert answer.status == 200, f"{link} answered {answer.status}"
        assert_accessible_everywhere(screen)


@pytest.mark.parametrize("address", REFUSALS)
def test_page_that_refuses_says_so_accessibly(page: Page, address: str) -> None:
    sign_in(page, "nurse@llr.example.nhs.uk")
    answer = page.goto(address)
    assert answer
    assert answer.status == REFUSALS[address]
    assert_accessible_everywhere(page)
    assert page.locator("h1").count() == 1
