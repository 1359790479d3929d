"""Steps of a budget's journey: planned, agreed, paid, ended. Each begins on the page it names, signed in."""

import csv
import re
from datetime import date
from decimal import Decimal

from playwright.sync_api import Page, expect

from phb_register import clock
from tests.browser.steps import describe_new_person, find_by_nhs_number


def enter_date(page: Page, question: str, day: date | None = None) -> None:
    """Answer a question with a date, today's unless it is said."""
    day = day or clock.today()
    boxes = page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label).fill(str(value))


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question that has its answers beside it."""
    group = page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
    group.get_by_label(answer, exact=True).check()


def send(page: Page, button: str) -> None:
    """Press the button of a form, which is taken: nothing on it was wrong."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_have_count(0)


def pounds_in(words: str) -> Decimal:
    """The first amount that some words say."""
    found = re.search(r"£([0-9,]+\.[0-9]{2})", words)
    assert found, words
    return Decimal(found[1].replace(",", ""))


def row_of(page: Page, label: str) -> str:
    """What a summary list says beside a label."""
    term = page.locator("dt", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
    return term.first.locator("xpath=following-sibling::dd[1]").inner_text()


def refer_somebody_new(page: Page, nhs_number: str, given_name: str, family_name: str) -> str:
    """As a nurse, refer somebody who is eligible for CHC; the address of the referral."""
    find_by_nhs_number(page, nhs_number)
    describe_new_person(page, given_name, family_name)
    page.get_by_label("Eligible", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    choose(page, "Is this fast track CHC?", "No")
    page.get_by_label("At home").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").or_(page.get_by_role("link", name="Continue")).first.click()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("link", name="See the referral and the answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Referral")
    return page.url


def work_out_indicative_budget(page: Page, referral: str) -> Decimal:
    """As a nurse, work out four hours of care on every weekday; pounds a year."""
    page.goto(f"{referral}indicative-budgets/")
    page.get_by_role("button", name="Work out an indicative budget").click()
    row = page.get_by_role("group", name="Care, row 1")
    row.get_by_label("Kind of care").select_option("day")
    row.get_by_label("Hours a day", exact=True).fill("4")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        row.get_by_label(day, exact=True).check()
    send(page, "Keep this indicative budget")
    return pounds_in(page.locator(".app-figure", has_text="A year").first.inner_text())


def write_support_plan(page: Page, referral: str) -> str:
    """As a nurse, write a plan that buys a personal assistant by direct payment, and propose it; its address."""
    page.goto(f"{referral}support-plans/")
    send(page, "Start a support plan")
    writing = page.url
    page.goto(f"{writing}health-needs/")
    page.get_by_label("What are the person’s health needs?").fill("Help with breathing at night.")
    send(page, "Save")
    page.goto(f"{writing}outcomes/add/")
    page.get_by_label("What does the person want to achieve, in their own words?").fill("I want to sleep.")
    page.get_by_label("How is it met?").fill("Somebody who knows the signs sits up.")
    send(page, "Save")
    page.goto(f"{writing}services/add/")
    page.get_by_label("What is bought?").fill("An assistant at night")
    page.get_by_label("What kind of service is it?").select_option("personal_assistant")
    choose(page, "Which outcome is it for?", "All of them")
    page.get_by_label("Name of the provider, if not listed").fill("Figmenta Snipe")
    choose(page, "Is whoever is paid a family member or a friend?", "No, neither a family member nor a friend")
    choose(page, "How is the money for it managed?", "Direct payment")
    page.get_by_label("Amount", exact=True).fill("150")
    choose(page, "How often does it cost this?", "Every week")
    send(page, "Save")
    page.goto(f"{writing}payments/")
    page.get_by_label("Every month").check()
    send(page, "Save")
    page.goto(f"{writing}no-risks/")
    page.get_by_label("Why are there no significant risks?").fill("Gone through one by one with the person.")
    send(page, "Save")
    page.goto(f"{writing}risk-advice/")
    page.get_by_label("What advice was given about risks?").fill("What it means to be an employer.")
    page.get_by_label("Who gave the advice").fill("The nurse")
    enter_date(page, "Date the advice was given")
    send(page, "Save")
    page.goto(f"{writing}care-co-ordinator/")
    page.get_by_label("Name of the care co-ordinator").fill("Sampler Curlew")
    page.get_by_label("How the person can reach them").fill("01632 960021")
    send(page, "Save")
    page.goto(f"{writing}review/")
    page.get_by_label("How and when is the plan reviewed?").fill("At home, after three months.")
    send(page, "Save")
    page.goto(f"{writing}features/")
    for answer in page.get_by_label("Yes", exact=True).all():
        answer.check()
    send(page, "Save")
    page.get_by_role("button", name="Check and propose").click()
    send(page, "Propose for signing")
    return page.url


def sign_for_the_person(page: Page) -> None:
    """As a nurse, from the page of a proposed plan, record that the person signed it."""
    page.get_by_role("button", name="Record the signature of the person’s side").click()
    enter_date(page, "Date it was signed")
    choose(page, "How was it signed?", "By hand, on paper")
    send(page, "Record the signature")


def sign_for_the_commissioner(page: Page, plan: str) -> None:
    """As the team, sign the plan at an address, in force from today."""
    page.goto(plan)
    page.get_by_role("button", name="Sign for the commissioner").click()
    enter_date(page, "Date it was signed")
    choose(page, "How was it signed?", "Electronically")
    send(page, "Sign for the commissioner")


def arrange_direct_payment(page: Page, budget: str) -> None:
    """As the team, let the person be paid into an account for direct payments alone."""
    page.goto(f"{budget}arrangements/")
    page.get_by_role("button", name="Arrange a direct payment").click()
    enter_date(page, "First day of the arrangement")
    choose(
        page,
        "Who consents to the direct payment, and on what ground?",
        "The person has capacity: nothing gave reason to doubt it",
    )
    enter_date(page, "Date consent was given")
    choose(page, "To whom is it paid?", "The person")
    send(page, "Save the arrangement")
    page.get_by_role("link", name="The account is approved").click()
    choose(page, "What kind of account is it?", "An account for direct payments alone")
    page.get_by_label("Last 4 digits of the account or card").fill("4321")
    page.get_by_label("Who is named on the account?").fill("Inventa Kingfisher")
    page.get_by_label("Payee’s reference in the finance system").fill("P4321")
    enter_date(page, "Date the account was approved")
    send(page, "Approve the account")


def make_schedule(page: Page, budget: str) -> None:
    """As finance, pay the direct payment every month in advance, from today."""
    page.goto(f"{budget}payments/")
    page.get_by_role("button", name="Make a payment schedule").click()
    choose(page, "What is paid?", "Direct payment")
    choose(page, "How often is it paid?", "Every month")
    enter_date(page, "First day that is paid for")
    send(page, "Make the payment schedule")


def abandon_open_run(page: Page) -> None:
    """As finance, give up the run that is open, if there is one: one run is open at a time."""
    page.goto("/payment-runs/")
    waiting = page.locator("main table tbody tr", has_text=re.compile("To be checked|To be released"))
    if waiting.count():
        waiting.get_by_role("link").first.click()
        page.get_by_role("button", name="Abandon the run").click()
        page.get_by_label("Reason").fill("It is prepared anew with the journey’s payment")
        send(page, "Abandon the run")


def prepare_run(page: Page) -> str:
    """As finance, prepare a run that pays today, and wait until the worker has worked it out; its address."""
    page.goto("/payment-runs/")
    page.get_by_role("button", name="Prepare a payment run").click()
    enter_date(page, "Day the money is paid")
    send(page, "Prepare the payment run")
    # The page asks for itself again every five seconds.
    for _ in range(60):
        if not page.get_by_text("The payments are being worked out").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text("To be checked")
    return page.url


def check_and_release_run(page: Page, run: str) -> None:
    """As somebody else of finance, check the run at an address and release it."""
    page.goto(run)
    page.get_by_role("button", name="Check the run").click()
    page.get_by_label("I have looked at the exceptions and the control totals").check()
    send(page, "Check the run")
    page.get_by_role("button", name="Release the run").click()
    page.get_by_label("Pay everything in this run. It cannot be taken back").check()
    send(page, "Release the run")
    expect(page.get_by_role("main")).to_contain_text("Released")


def bank_file(page: Page, run: str) -> list[list[str]]:
    """As finance, make and download the bank file of a released run; its lines."""
    page.goto(run)
    page.get_by_role("link", name="Bank file").click()
    send(page, "Make the file")
    address = page.get_by_role("button", name="Download the file").get_attribute("href")
    return list(csv.reader(page.request.get(str(address)).text().splitlines()))
