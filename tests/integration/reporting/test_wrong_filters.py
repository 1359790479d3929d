"""What a page of figures says where its filter is wrong: its own heading, and only what its reader may choose."""

import re

import pytest
from django.urls import reverse

from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

#: Beside the date of the figures, what a reader of controlled figures may choose.
PAGES = {
    "dashboard": ("Uptake of personal health budgets", set()),
    "pace": ("Pace: will it be reached?", set()),
    "pathway": ("Pathway and quality", set()),
    "variation": ("What is chance, and what is change", set()),
    "equity": ("Equity: is anybody missed?", {"cohort", "question"}),
}
WRONG = ("as_at=2999-01-31", "as_at=1813-01-31", "as_at=rubbish", "as_at_day=31&as_at_month=2&as_at_year=2026")


def answer(client, role, page, query):
    icb = CommissionerFactory()
    client.force_login(UserFactory(role=role, role__commissioner=icb))
    address = reverse(f"reporting:{page}", args=[icb.code])
    response = client.get(f"{address}?{query}")
    html = response.content.decode()
    assert response.status_code == 422, (page, query)
    assert f'href="{address}">See the latest figures' in html
    main = html[html.index("<main") : html.index("</main")]
    named = {name for name in re.findall(r'name="(\w+)"', main) if not name.startswith("as_at_")}
    return " ".join(re.sub(r"<[^>]*>", " ", main).split()), named


@pytest.mark.parametrize("page", PAGES)
def test_reader_of_controlled_figures_gets_no_field_that_they_may_not_use(client, page):
    heading, allowed = PAGES[page]
    for wrong in (*WRONG, "known_on=2999-01-31", "cohort=none&as_at=2999-01-31"):
        if wrong.startswith("known_on") and page == "variation":
            continue
        text, named = answer(client, Role.GOVERNING_BODY, page, wrong)
        assert heading in text
        assert named <= allowed, wrong
        assert "There is a problem" in text


@pytest.mark.parametrize("page", PAGES)
def test_case_team_keeps_its_filters_while_one_is_wrong(client, page):
    text, named = answer(client, Role.PHB_TEAM, page, "as_at=2999-01-31")
    assert PAGES[page][0] in text
    assert "must be today or in the past" in text
    assert named >= ({"months"} if page == "variation" else {"cohort"})


@pytest.mark.parametrize("page", ["dashboard", "pace", "variation"])
def test_day_within_a_month_is_refused_with_the_month_end_before_it(client, page):
    text, _ = answer(client, Role.GOVERNING_BODY, page, "as_at=2026-01-12")
    assert "Choose the last day of a month, like 31 December 2025" in text
