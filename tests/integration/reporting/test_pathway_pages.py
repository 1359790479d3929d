"""The page of pathway and quality and its lists, as the case team and as the board see them."""

import datetime as dt
import html
import re
from unittest import mock

import pytest
from django.urls import reverse

from budgets.models import OutcomeRating, OutcomeScale, PersonalHealthBudget
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.presenters.pathway import MEASURES
from reporting.rules.pathway import PeriodKind, period_up_to
from reporting.selectors.pathway import Walked, pathway_figures
from reporting.selectors.pathway_people import PeopleBehind
from reporting.selectors.scope import counted
from tests.factories.past import entered_days_ago, take_away
from tests.factories.pathway import bare_decision, bare_offer, bare_referral, bare_review, bare_screening
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
TODAY = dt.date(2017, 7, 14)
ENDS = dt.date(2017, 6, 30)
RESPONSES = ("accepted", "accepted", "declined", "not_now", "not_answered")


@pytest.fixture(autouse=True)
def on_a_day():
    with mock.patch("phb_register.clock.today", return_value=TODAY):
        yield


@pytest.fixture
def icb():
    """Seven people found eligible and five offers, six decisions, two budgets with a review each, in one quarter."""
    commissioner, by = CommissionerFactory(), UserFactory()
    people = PersonFactory.create_batch(7, commissioner=commissioner)
    for place, person in enumerate(people):
        received_on = dt.date(2017, 4, 3) + dt.timedelta(days=place)
        referral = bare_referral(commissioner, person, received_on, by)
        bare_screening(referral, received_on, "right_to_have", by)
        if place:
            bare_decision(referral, received_on + dt.timedelta(days=25 + place), "accepted", by)
        if place < len(RESPONSES):
            bare_offer(commissioner, person, dt.date(2017, 5, 2), by, response=RESPONSES[place], answered_after=9)
    bare_decision(bare_referral(commissioner, PersonFactory(commissioner=commissioner), ENDS, by), ENDS, "declined", by)
    scale = OutcomeScale.objects.create(
        commissioner=commissioner, code="sleep", name="Sleep", question="How do you sleep?", asked_of="holder",
        levels=["A", "B", "C"], direction="last_is_best", active_from=dt.date(2013, 4, 1), written_by=by,
    )  # fmt: skip
    for place, late in enumerate((0, 3)):
        phb = make_spell(commissioner, person=people[place], started_on=dt.date(2017, 2, 1), by=by)
        PersonalHealthBudget.objects.filter(pk=phb.pk).update(previous_annual_amount=1500)
        due_on = dt.date(2017, 5, 1)
        review = bare_review(phb, due_on + dt.timedelta(days=late), by, due_on=due_on)
        for level, held in ((1, None), (3 - place * 2, review)):
            OutcomeRating.objects.create(
                phb=phb, scale=scale, review=held, level=level, rated_on=due_on, recorded_by=by
            )
    return commissioner


def signed_in(client, commissioner, role):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def page(client, commissioner, name="pathway", *more, **query):
    return client.get(reverse(f"reporting:{name}", args=[commissioner.code, *more]), query)


def asked(commissioner, kind=PeriodKind.YEAR):
    return Walked(counted(commissioner, TODAY), period_up_to(TODAY, kind), TODAY)


def test_team_sees_every_figure_and_each_link_leads_to_as_many_people(client, icb, django_assert_max_num_queries):
    signed_in(client, icb, Role.PHB_TEAM)
    with django_assert_max_num_queries(25):
        found = page(client, icb)
    text = found.content.decode()
    assert found.status_code == 200
    figures = pathway_figures(asked(icb))
    assert (figures.people_eligible, figures.people_offered, figures.decided) == (7, 5, 7)
    assert figures.to_decision.median is not None
    assert figures.outcomes[0].by_change == {
        "better": 1,
        "same": 1,
        "worse": 0,
    }
    links = set(re.findall(r'href="([^"]*/pathway/people/[^"]*)"[^>]*>([\d,]+)</a>', text))
    assert len(links) > 25
    for href, number in links:
        answer = client.get(href.replace("&amp;", "&"))
        assert f"<p>{number} " in answer.content.decode(), href
    assert "71.4%" in text
    assert "£1,000" in text


def test_every_list_has_as_many_rows_as_it_says_and_pages(icb):
    for measure in MEASURES:
        if measure.code == "annual_saving_percent":
            continue
        behind = PeopleBehind(measure, asked(icb))
        rows = behind[0:50]
        assert len(rows) == len(behind), measure.code
        assert [row.counted["id"] for row in (*behind[0:1], *behind[1:50])] == [row.counted["id"] for row in rows]
        names = [(row.person.family_name, row.person.given_name) for row in rows]
        assert names == sorted(names)


def test_list_is_logged_with_whose_records_were_shown(client, icb):
    user = signed_in(client, icb, Role.PHB_TEAM)
    found = page(client, icb, "pathway-people", "people_by_answer", part="accepted", as_at="2017-07-14")
    entry = AccessLogEntry.objects.filter(actor=user, action="read").latest("pk")
    assert found.status_code == 200
    assert entry.detail["what"] == "people behind people_by_answer"
    assert len(entry.detail["people"]) == 2


def test_board_sees_the_last_whole_quarter_as_first_shown_and_no_links(client, icb):
    signed_in(client, icb, Role.GOVERNING_BODY)
    first = page(client, icb).content.decode()
    assert "1 April 2017 to 30 June 2017, the whole quarter" in first
    assert "/pathway/people/" not in first
    # An offer that is entered later changes nothing of what was shown.
    person = PersonFactory(commissioner=icb)
    bare_offer(icb, person, dt.date(2017, 5, 2), UserFactory())
    again = page(client, icb, as_at="2017-07-01").content.decode()
    assert tables(again) == tables(first)


def tables(text):
    return re.findall(r"<table.*?</table>", text, re.DOTALL)


def test_small_numbers_are_stars_for_the_board(client, icb):
    signed_in(client, icb, Role.GOVERNING_BODY)
    answers = tables(page(client, icb).content.decode())[0]
    cells = [cell.strip() for cell in re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", answers, re.DOTALL)]
    assert "*" in cells
    assert not {"1", "2", "3", "4"} & set(cells)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ({"cohort": "chc"}, "Cohort: "),
        ({"age_group": "children"}, "Age: Children (0 to 17)"),
        ({"funding": "nhs", "method": "notional"}, "Paid by: The NHS alone"),
    ],
)
def test_filters_narrow_the_page_and_every_list_of_it(client, icb, only, said):
    signed_in(client, icb, Role.PHB_TEAM)
    found = page(client, icb, **only)
    text = found.content.decode()
    assert "Only a part is counted" in text
    assert said in text
    links = set(re.findall(r'href="([^"]*/pathway/people/[^"]*)"[^>]*>([\d,]+)</a>', text))
    assert all(f"{name}={value}" in href for href, _ in links for name, value in only.items())
    eligible = next(number for href, number in links if "people_found_eligible" in href)
    # Budgets of two of the seven; nobody is a child.
    assert eligible == ("0" if "age_group" in only else "2")
    for href, number in links:
        assert f"<p>{number} " in client.get(html.unescape(href)).content.decode(), href


def test_list_as_known_on_a_day_says_who_was_removed_since(client, icb):
    signed_in(client, icb, Role.PHB_TEAM)
    phb = make_spell(icb, started_on=dt.date(2017, 2, 1))
    # The day is one of 2017, and what the test wrote was entered today.
    entered_days_ago(3_500)
    take_away(phb)
    then = {"as_at": TODAY.isoformat(), "known_on": (TODAY - dt.timedelta(days=1)).isoformat()}
    found = page(client, icb, "pathway-people", "annual_saving", part="unknown", **then).content.decode()
    assert "<p>1 personal health budget. " in found
    assert "Removed: its import was undone" in found
    assert str(phb.reference) not in found


@pytest.mark.parametrize("query", [{"as_at": "31/13/2017"}, {"period": "week"}, {"as_at": "2030-01-01"}])
def test_wrong_filter_is_said(client, icb, query):
    signed_in(client, icb, Role.PHB_TEAM)
    found = page(client, icb, **query)
    assert found.status_code == 422
    assert "There is a problem" in found.content.decode()


def test_wrong_part_of_a_list_is_said_and_unknown_figures_are_not_found(client, icb):
    signed_in(client, icb, Role.PHB_TEAM)
    assert page(client, icb, "pathway-people", "people_by_answer", part="maybe").status_code == 422
    assert page(client, icb, "pathway-people", "outcomes_changed", reason="1; DROP TABLE").status_code == 422
    assert page(client, icb, "pathway-people", "annual_saving_percent").status_code == 404
    assert page(client, icb, "pathway-people", "nothing").status_code == 404


def test_commissioner_without_anything_says_what_to_do(client):
    empty = CommissionerFactory()
    signed_in(client, empty, Role.PHB_TEAM)
    text = page(client, empty).content.decode()
    assert "Nobody was found eligible" in text
    assert "Not known" in text


def test_board_chooses_the_date_alone(client, icb):
    signed_in(client, icb, Role.GOVERNING_BODY)
    found = page(client, icb, period="year")
    assert found.status_code == 422
    assert "Choose the as-at date alone" in found.content.decode()


def test_as_known_on_a_day_leaves_out_what_was_entered_since(client, icb):
    """Everything was entered today, so yesterday the register knew nothing of it."""
    signed_in(client, icb, Role.PHB_TEAM)
    known = TODAY - dt.timedelta(days=1)
    text = page(client, icb, known_on=known.isoformat()).content.decode()
    assert "Nobody was found eligible" in text
    assert "As the register knew it at the end of 13 July 2017" in text
    rows = page(client, icb, "pathway-people", "people_by_answer", known_on=known.isoformat())
    assert "0 people" in rows.content.decode()


def test_file_of_a_list_has_the_rows_of_its_page(client, icb):
    signed_in(client, icb, Role.PHB_TEAM)
    day = TODAY.isoformat()
    text = page(client, icb, "pathway-people", "people_by_answer", part="accepted", as_at=day).content.decode()
    (address,) = re.findall(r'href="(/lists/pathway-people[^"]*csv[^"]*)"', text)
    lines = b"".join(client.get(address.replace("&amp;", "&"))).decode("utf-8-sig").splitlines()
    rows = lines[lines.index("") + 2 :]
    assert len(rows) == 2
    assert all("Accepted" in row for row in rows)
    assert "Figure,What they said to the offer: Accepted" in lines
    wrong = reverse("phb_register:list-csv", args=["pathway-people"])
    asked_wrongly = {"commissioner": icb.code, "measure": "people_by_answer", "part": "maybe"}
    assert "/pathway/people/people_by_answer/" in client.get(wrong, asked_wrongly).url
