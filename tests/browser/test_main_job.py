"""The whole story: from a nurse's referral to the figure on the dashboard, and the offer that the public reads."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, expect
from pypdf import PdfReader

from tests.browser.helpers import assert_accessible, assert_accessible_everywhere, sign_in, sign_out
from tests.browser.screenshots import take
from tests.browser.steps import (
    LLR,
    accept_referral,
    approve_edition,
    approve_proposal,
    ask_for_publication,
    describe_new_person,
    figure_on_dashboard,
    find_by_nhs_number,
    names_on_all_pages,
    propose_budget,
    published_editions,
    start_budget,
    submit_new_edition,
)

NURSE = "nurse@llr.example.nhs.uk"
TEAM = "team@llr.example.nhs.uk"
LEAD_NURSE = "leadnurse@llr.example.nhs.uk"
BOARD = "board@llr.example.nhs.uk"
APPROVER = "approver@llr.example.nhs.uk"
SOMERSET_TEAM = "team@somerset.example.nhs.uk"
OFFER = f"/local-offers/{LLR}/"
PDF = f"{OFFER}editions/1/local-offer.pdf"


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_referral_becomes_a_budget_and_moves_the_dashboard(page: Page, another_page: Page) -> None:
    # Given what the dashboard says before
    sign_in(another_page, TEAM)
    before = figure_on_dashboard(another_page)

    # When a CHC nurse logs a referral of somebody new
    sign_in(page, NURSE)
    find_by_nhs_number(page, "943 476 5919")
    describe_new_person(page, "Testa", "Storyteller")
    page.get_by_label("Eligible", exact=True).check()
    expect(page.get_by_role("complementary", name="The answer so far")).to_contain_text("This person has a right")
    take(page, "referral-question")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("About the budget"))
    page.get_by_role("group", name="Is this fast track CHC?").get_by_label("No", exact=True).check()
    page.get_by_label("At home").check()
    page.get_by_role("button", name="Continue").click()

    # Then the answer comes at once, with its paragraph
    expect(page.get_by_role("heading", name="What the person is entitled to")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("This person has a right to have a personal health budget")
    expect(page.get_by_role("main")).to_contain_text("reg 32B(4)")
    assert_accessible(page)
    take(page, "referral-answer")
    page.get_by_role("button", name="Continue").or_(page.get_by_role("link", name="Continue")).first.click()
    expect(page).to_have_title(re.compile("Check your answers"))
    assert_accessible(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Referral submitted")).to_be_visible()
    page.get_by_role("link", name="See the referral and the answer").click()
    address = page.url

    # When the PHB team accepts it and proposes a budget, the lead nurse approves it, and it starts today
    another_page.goto(address)
    accept_referral(another_page)
    proposal = propose_budget(another_page, "41,600")
    assert_accessible(another_page)
    sign_out(page)
    sign_in(page, LEAD_NURSE)
    approve_proposal(page, proposal)
    assert_accessible(page)
    start_budget(another_page, address)
    expect(another_page.get_by_role("main")).to_contain_text("In place")
    assert_accessible(another_page)
    take(another_page, "personal-health-budget")

    # Then the dashboard has moved by one
    assert figure_on_dashboard(another_page) == before + 1
    assert_accessible(another_page)
    another_page.set_viewport_size({"width": 1280, "height": 1640})
    take(another_page, "dashboard")

    # And the figure leads to the people behind it, the new one among them
    another_page.get_by_role("main").get_by_role("link", name=str(before + 1), exact=True).first.click()
    people = names_on_all_pages(another_page)
    assert len(people) == before + 1
    assert "STORYTELLER, Testa" in people


def test_governing_body_member_sees_figures_and_no_people(page: Page) -> None:
    sign_in(page, BOARD)
    page.goto("/dashboard/LLR/?as_at=2017-02-28")
    expect(page.get_by_role("main")).to_contain_text("As at the end of 28 February 2017")
    assert page.locator("main a[href*='/people/']").count() == 0
    for address in ("/people/", "/register/", "/referrals/"):
        assert page.goto(address).status == 403  # type: ignore[union-attr]
    assert_accessible(page)


def test_local_offer_is_read_and_downloaded_without_signing_in(page: Page) -> None:
    # Given somebody who is not signed in
    page.goto("/local-offers/")
    page.get_by_role("link", name=re.compile("Leicestershire and Rutland")).first.click()
    expect(page.get_by_role("main")).to_contain_text("What has changed since edition 1")
    page.goto(f"{OFFER}editions/1/")

    # Then the page of the first edition has the figures of the day, and the timeline
    main = page.get_by_role("main")
    for words in ("122", "1,011", "2,022", "889", "13.8%", "25.0%", "7 February 2017", "2015/16", "2019/20"):
        expect(main).to_contain_text(words)
    assert_accessible(page)
    take(page, "local-offer")
    fingerprint = re.search(r"\b[0-9a-f]{64}\b", main.inner_text())
    assert fingerprint
    assert page.context.cookies() == []

    # And the PDF says the same, is tagged, and names the same fingerprint
    answer: APIResponse = page.request.get(PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert "set-cookie" not in answer.headers
    text = text_of(answer.body())
    for words in ("122", "1,011", "2,022", "889", "13.8%", "25.0%", "7 February 2017", "2015/16", "2019/20"):
        assert words in text
    assert fingerprint[0] in text.replace(" ", "")
    root = PdfReader(io.BytesIO(answer.body())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in root


def test_edition_is_approved_by_somebody_else_and_published_by_the_worker(page: Page, another_page: Page) -> None:
    # Given an edition that its author submits
    first = published_editions(page)
    sign_in(page, TEAM)
    edition = submit_new_edition(page)
    assert page.get_by_role("button", name="Approve").count() == 0, "an author never approves"

    # When somebody else approves it and asks for publication
    sign_in(another_page, APPROVER)
    another_page.goto("/")
    take(another_page, "approver-worklist")
    approve_edition(another_page, edition)
    ask_for_publication(another_page, edition)

    # Then the worker publishes it, and the one before stays as it was
    expect(another_page.get_by_role("link", name="See the result")).to_be_visible(timeout=60_000)
    assert published_editions(page) == first + 1
    expect(page.get_by_role("main")).to_contain_text("31 March 2018")
    page.goto(f"{OFFER}editions/{first}/")
    expect(page.get_by_role("main")).to_contain_text("7 February 2018")

    # And whoever approved it may withdraw it
    another_page.goto(f"{edition}withdraw/")
    expect(another_page).to_have_url(f"{edition}withdraw/")
    assert_accessible_everywhere(another_page)


def test_somerset_sees_nothing_of_leicestershire(page: Page, another_page: Page) -> None:
    sign_in(page, TEAM)
    page.goto("/register/")
    ours = [link.get_attribute("href") for link in page.locator("main table a").all()]
    assert ours
    page.goto("/referrals/")
    ours += [link.get_attribute("href") for link in page.locator("main table a").all()]
    sign_in(another_page, SOMERSET_TEAM)
    for address in {address for address in ours if address}:
        assert another_page.request.get(address).status == 404, address
    for address in ("/dashboard/LLR/", "/settings/LLR/", f"{OFFER}write/"):
        assert another_page.request.get(address).status == 404, address
    another_page.goto("/register/")
    rows = another_page.locator("main table tbody tr").count()
    assert 0 < rows < 20


@pytest.mark.parametrize("picture", ["dashboard", "referral-answer", "local-offer"])
def test_readme_and_guides_show_pictures_that_exist(picture: str) -> None:
    documents = [Path("README.md"), *Path("docs/users").glob("*.md")]
    assert any(f"screenshots/{picture}.png" in document.read_text() for document in documents)
