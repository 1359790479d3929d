"""The story of uptake: a figure and its people, a quarter frozen, the return, a report, and what the board sees."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from phb_register import clock
from phb_register.dates import last_month_end
from phb_register.presenters import spoken_date
from reporting.rules.quarters import quarter_of
from tests.browser.budget_steps import enter_date, send
from tests.browser.helpers import assert_accessible, sign_in, wait_for_forecast
from tests.browser.screenshots import take
from tests.browser.steps import figure_on_dashboard, names_on_all_pages

TEAM = "team@llr.example.nhs.uk"
BOARD = "board@llr.example.nhs.uk"


def test_figure_leads_to_its_people_and_into_a_report(page: Page, another_page: Page) -> None:
    # Given the PHB team at its dashboard
    sign_in(page, TEAM)
    in_place = figure_on_dashboard(page)
    main = page.get_by_role("main")

    # When it follows the figure of budgets in place, then there are as many people behind it
    main.get_by_role("link", name=f"{in_place:,}", exact=True).first.click()
    assert len(names_on_all_pages(page)) == in_place

    # When it freezes the figures of a quarter that nobody has frozen
    quarter = quarter_of(clock.today()).before.before
    for _ in ("once", "and again"):
        page.goto("/dashboard/LLR/snapshots/")
        main.get_by_role("button", name="Freeze figures").click()
        enter_date(page, "As at the end of", quarter.end)
        send(page, "Freeze the figures")
        expect(main).to_contain_text(f"The figures as at {spoken_date(quarter.end)} are frozen")

    # Then it stands in the list once, however often it is asked for
    page.goto("/dashboard/LLR/snapshots/")
    expect(main.get_by_role("link", name=re.compile(spoken_date(quarter.end)))).to_have_count(1)

    # When it opens the return of the last quarter, which each commissioner of the partnership makes by itself
    page.goto("/dashboard/LLR/national-returns/")
    main.get_by_role("list").get_by_role("link").first.click()
    main.get_by_role("link", name=str(quarter.next), exact=True).click()
    assert_accessible(page)
    cell = main.get_by_role("row", name=re.compile("^Total")).first.get_by_role("link").first
    said = int(re.sub(r"\D", "", cell.inner_text()))
    assert said

    # Then its total leads to as many people
    cell.click()
    assert len(names_on_all_pages(page)) == said

    # When it asks for a report of the last whole month
    page.goto("/dashboard/LLR/reports/")
    main.get_by_role("button", name="Make a report now").click()
    send(page, "Make the report")

    # Then the worker makes it, and its PDF and its workbook say the same as the page
    main.get_by_role("link", name="See the result").click(timeout=60_000)
    as_at = spoken_date(last_month_end(clock.today()))
    expect(main).to_contain_text(as_at)
    assert_accessible(page)
    pdf, workbook = (
        page.request.get(str(main.get_by_role("link", name=re.compile(name)).get_attribute("href"))).body()
        for name in ("PDF", "workbook")
    )
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())
    assert as_at in text
    assert as_at in str(CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python())

    # And the pages that the guide shows
    for name, height in (("pace", 1700), ("variation", 2000), ("equity", 1800)):
        page.goto(f"/dashboard/LLR/{name}/")
        wait_for_forecast(page)
        page.set_viewport_size({"width": 1280, "height": height})
        take(page, name)

    # When the board opens the dashboard
    sign_in(another_page, BOARD)
    another_page.goto("/dashboard/LLR/")

    # Then it has the figures of the last whole month, the small ones starred, and nobody behind them
    board = another_page.get_by_role("main")
    expect(board).to_contain_text(f"As at the end of {as_at}")
    expect(board.get_by_role("cell", name="*", exact=True).first).to_be_visible()
    assert board.locator("a[href*='/people/']").count() == 0
    assert_accessible(another_page)
