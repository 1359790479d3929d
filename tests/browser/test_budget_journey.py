"""The story of a budget's money: planned, approved by another, paid by two, read beside the bank file, and ended."""

from decimal import Decimal

from playwright.sync_api import Page, expect

from tests.browser.budget_steps import (
    abandon_open_run,
    arrange_direct_payment,
    bank_file,
    check_and_release_run,
    choose,
    enter_date,
    make_schedule,
    pounds_in,
    prepare_run,
    refer_somebody_new,
    row_of,
    send,
    sign_for_the_commissioner,
    sign_for_the_person,
    work_out_indicative_budget,
    write_support_plan,
)
from tests.browser.helpers import assert_accessible, sign_in, sign_out
from tests.browser.steps import accept_referral, approve_proposal, propose_budget, start_budget

NURSE = "nurse@llr.example.nhs.uk"
TEAM = "team@llr.example.nhs.uk"
LEAD_NURSE = "leadnurse@llr.example.nhs.uk"
FINANCE = "finance@llr.example.nhs.uk"
PAYMENTS = "payments@llr.example.nhs.uk"
PAYEE = "P4321"


def test_budget_is_planned_approved_paid_and_ended(page: Page, another_page: Page, page_without_scripts: Page) -> None:
    # Given a referral that the PHB team accepted
    team, finance = another_page, page_without_scripts
    sign_in(page, NURSE)
    referral = refer_somebody_new(page, "999 060 0007", "Inventa", "Kingfisher")
    sign_in(team, TEAM)
    team.goto(referral)
    accept_referral(team)

    # When the nurse works out an indicative budget and writes a support plan that both sides sign
    annual = work_out_indicative_budget(page, referral)
    plan = write_support_plan(page, referral)
    sign_for_the_person(page)
    sign_for_the_commissioner(team, plan)
    expect(team.get_by_role("main")).to_contain_text("In force")

    # And the team proposes that much as a direct payment, which the lead nurse approves
    team.goto(referral)
    proposal = propose_budget(team, str(annual), "Direct payment")
    assert team.get_by_role("button", name="Approve", exact=True).count() == 0, "nobody approves what they prepared"
    sign_out(page)
    sign_in(page, LEAD_NURSE)
    approve_proposal(page, proposal)

    # And the team arranges the direct payment and starts it
    team.goto(referral)
    team.get_by_role("main").get_by_role("link", name="Personal health budget", exact=True).click()
    budget = team.url
    arrange_direct_payment(team, budget)
    start_budget(team, referral)
    team.goto(f"{budget}arrangements/")
    expect(team.get_by_role("main").get_by_text("To do", exact=True)).to_have_count(0)

    # And finance schedules it and prepares a run, which somebody else checks and releases
    sign_in(finance, FINANCE)
    make_schedule(finance, budget)
    abandon_open_run(finance)
    run = prepare_run(finance)
    for button in ("Check the run", "Release the run"):
        assert finance.get_by_role("button", name=button).count() == 0, "nobody releases what they prepared"
    sign_out(page)
    sign_in(page, PAYMENTS)
    check_and_release_run(page, run)
    assert_accessible(page)
    to_the_bank, payments = pounds_in(row_of(page, "To the bank")), row_of(page, "Payments")

    # Then the bank file ends with the total that the page shows, and its lines add to it
    *lines, totals = bank_file(finance, run)
    headings, *paid = lines
    amounts = [Decimal(line[headings.index("Amount")]) for line in paid]
    assert Decimal(totals[headings.index("Amount")]) == to_the_bank == sum(amounts)
    assert totals[0] == f"Control totals: {payments} payments"
    ours = [line for line in paid if line[headings.index("Payee reference")] == PAYEE]
    assert len(ours) == 1
    amount = Decimal(ours[0][headings.index("Amount")])
    assert 0 < amount <= annual / 12

    # And the page of its money shows it paid
    team.goto(f"{budget}money/")
    assert (
        pounds_in(team.locator(".app-figure").filter(has=team.get_by_text("Paid", exact=True)).inner_text()) == amount
    )
    assert_accessible(team)

    # When the budget ends before what was paid for
    team.goto(f"{budget}end/")
    enter_date(team, "Date it ended")
    choose(team, "Reason it ended", "The person chose conventional care")
    send(team, "Continue")
    expect(team.get_by_role("main")).to_contain_text(f"£{amount:,} was paid for days from the end on")
    send(team, "End the personal health budget")

    # Then it says so, what was paid stays, and somebody else is to reconcile it
    expect(team.get_by_role("main")).to_contain_text("Ended")
    team.get_by_role("link", name="The end of the budget, and what is left of its money").click()
    assert pounds_in(row_of(team, "Paid, less what came back")) == amount
    expect(team.get_by_role("main")).to_contain_text("somebody else")
    assert_accessible(team)
