import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from budgets.models import IndicativeBudget, NeedsProfile, NeedsTool
from eligibility.models import Referral
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.rate_cards import make_draft_card, make_indicative, make_needs_profile, make_rate_card

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_the_day")]


@pytest.fixture
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


@pytest.fixture
def signed_in(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


@pytest.fixture
def referral(commissioner: Commissioner, team: User) -> Referral:
    make_rate_card(commissioner, by=team)
    person = PersonFactory(commissioner=commissioner, born_on=dt.date(1980, 1, 1))
    return make_accepted_referral(commissioner, by=team, person=person)


def address(name: str, referral: Referral, *more: Any) -> str:
    return reverse(f"budgets:{name}", args=[referral.reference, *more])


def sheet(*care: dict[str, Any], others: int = 1, key: str = "6f6c1f0e-0000-4000-8000-000000000001") -> dict[str, Any]:
    """What the page sends: the sheet and its rows."""
    data: dict[str, Any] = {
        "key": key,
        "rates_on_day": "10",
        "rates_on_month": "11",
        "rates_on_year": "2026",
        "previous_annual_amount": "£30,000",
        "care-TOTAL_FORMS": str(len(care)),
        "care-INITIAL_FORMS": "0",
        "others-TOTAL_FORMS": str(others),
        "others-INITIAL_FORMS": "0",
    }
    for place, row in enumerate(care):
        typed = {"carers": "1", "delivered_by": "agency", **row}
        data |= {f"care-{place}-{name}": value for name, value in typed.items()}
    data |= {f"others-{place}-period": "weekly" for place in range(others)}
    return data


MORNINGS = {"kind": "day", "days": ["0", "1", "2", "3", "4"], "hours": "4"}


def test_budget_is_worked_out_looked_at_and_kept_once(signed_in: Client, referral: Referral, team: User) -> None:
    page = address("work-out-indicative-budget", referral)
    assert signed_in.get(page).status_code == 200
    sent = sheet({**MORNINGS, "unpaid_hours": "1"}, {})
    looked = signed_in.post(page, {**sent, "preview": "1"})
    assert looked.status_code == 200
    assert "£15,642.85" in looked.content.decode()
    assert not IndicativeBudget.objects.exists()
    for _ in range(2):
        answer = signed_in.post(page, {**sent, "keep": "1"}, follow=True)
        assert answer.redirect_chain == [(address("indicative-budget", referral, 1), 302)]
    kept = IndicativeBudget.objects.get()
    assert (kept.worked_out_by, kept.previous_annual_amount) == (team, Decimal(30000))
    text = answer.content.decode()
    for said in ("£20,857.14", "−£5,214.29", "£14,357.15 a year less, 47.9%", "20, 5 unpaid", "Invented for a test"):
        assert said in text, said
    assert AccessLogEntry.objects.filter(action="indicative-budget-worked-out").count() == 1
    assert AccessLogEntry.objects.filter(action="read", subject_type=kept._meta.label).exists()


def test_further_row_is_added_and_nothing_typed_is_lost(signed_in: Client, referral: Referral) -> None:
    page = address("work-out-indicative-budget", referral)
    answer = signed_in.post(page, {**sheet({**MORNINGS, "hours": "four"}), "add-care": "1"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "There is a problem" not in text
    assert 'value="four"' in text
    assert "Care, row 2" in text
    assert "Care, row 3" not in text
    added = signed_in.post(page, {**sheet(MORNINGS), "add-others": "1"}).content.decode()
    assert "Other line 2" in added


def test_wrong_rows_answer_422_with_the_remedy_beside_the_field(signed_in: Client, referral: Referral) -> None:
    page = address("work-out-indicative-budget", referral)
    wrong = sheet({}, {**MORNINGS, "unpaid_hours": "5"}, {"kind": "nurse", "days": ["6"], "hours": "3"})
    answer = signed_in.post(page, {**wrong, "keep": "1"})
    assert answer.status_code == 422
    text = answer.content.decode()
    # An empty row before them is passed over, and each problem stands at its own row.
    assert 'href="#id_care-1-unpaid_hours"' in text
    assert 'href="#id_care-2-kind"' in text
    assert "have the rate added to a new version of the rate card" in text
    assert 'value="5"' in text
    unfinished = signed_in.post(page, {**sheet({"hours": "3"}), "keep": "1"})
    assert unfinished.status_code == 422
    assert "Select the kind of care" in unfinished.content.decode()
    assert not IndicativeBudget.objects.exists()


def test_row_that_is_removed_need_not_be_right(signed_in: Client, referral: Referral) -> None:
    sent = sheet(MORNINGS, {"hours": "99", "is_removed": "on"})
    answer = signed_in.post(address("work-out-indicative-budget", referral), {**sent, "keep": "1"})
    assert answer.status_code == 302
    assert len(IndicativeBudget.objects.get().as_worksheet().care) == 1


def test_sheet_begins_with_what_was_entered_before(signed_in: Client, referral: Referral, team: User) -> None:
    make_indicative(referral, by=team, previous_annual_amount=Decimal("31000.50"))
    answer = signed_in.get(address("work-out-indicative-budget", referral))
    assert 'value="31000.50"' in answer.content.decode()
    first = answer.context_data["sheet"].care[0]
    assert (first["days"].value(), first["hours"].value(), first["carers"].value()) == (list("01234"), "4", "1")


def test_list_keeps_indicative_agreed_and_paid_apart(
    client: Client, commissioner: Commissioner, referral: Referral, team: User
) -> None:
    make_indicative(referral, by=team)
    make_budget(commissioner, by=team, referral=referral, annual_amount=Decimal("25000.00"))
    client.force_login(team)
    text = client.get(address("indicative-budgets", referral)).content.decode()
    figures = re.findall(r'app-figure__value">([^<]*)<', text)
    assert figures == ["£20,857.14", "£25,000.00", "£0.00"]
    assert "£4,142.86 above the indicative one, 19.9% of it. That is beyond the margin of 10%." in text
    # A nurse plans, and does not see what is paid.
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner))
    text = client.get(address("indicative-budgets", referral)).content.decode()
    assert re.findall(r'app-figure__value">([^<]*)<', text)[2] == "–"
    assert "Shown to those who may see payments" in text


def test_list_costs_the_same_however_many_there_are(
    signed_in: Client, referral: Referral, team: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        make_indicative(referral, by=team)
    with django_assert_max_num_queries(24):
        signed_in.get(address("indicative-budgets", referral))


def test_persons_timeline_tells_needs_and_indicative_budgets(signed_in: Client, referral: Referral, team: User) -> None:
    make_needs_profile(referral, by=team)
    make_indicative(referral, by=team)
    text = signed_in.get(reverse("phb_register:timeline", args=[referral.person.reference])).content.decode()
    assert "Needs assessed" in text
    assert "£20,857.14 a year" in text


def test_finance_reads_and_does_not_plan(client: Client, commissioner: Commissioner, referral: Referral) -> None:
    client.force_login(UserFactory(role=Role.FINANCE, role__commissioner=commissioner))
    assert "Work out an indicative budget" not in client.get(address("indicative-budgets", referral)).content.decode()
    assert client.get(address("work-out-indicative-budget", referral)).status_code == 403


def test_referral_page_leads_to_the_sheet_and_then_to_the_list(
    signed_in: Client, commissioner: Commissioner, referral: Referral, team: User
) -> None:
    page = reverse("eligibility:referral", args=[referral.reference])
    assert address("work-out-indicative-budget", referral) in signed_in.get(page).content.decode()
    make_indicative(referral, by=team)
    assert f'href="{address("indicative-budgets", referral)}"' in signed_in.get(page).content.decode()
    waiting = make_referral(commissioner)
    answer = signed_in.get(address("work-out-indicative-budget", waiting), follow=True)
    assert "Accept the referral first" in answer.content.decode()


# ── Needs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def levels(**given: str) -> dict[str, str]:
    tool = NeedsTool.objects.get(code="adults-2018")
    return {
        "key": "6f6c1f0e-0000-4000-8000-000000000002",
        "assessed_on_day": "2",
        "assessed_on_month": "11",
        "assessed_on_year": "2026",
        "assessed_by": "Community nursing team",
        **{domain.code: "low" for domain in tool.domains.all()},
        **given,
    }


def test_needs_are_recorded_once_and_say_what_they_suggest(signed_in: Client, referral: Referral) -> None:
    page = address("record-needs", referral)
    assert signed_in.get(page).status_code == 200
    for _ in range(2):
        answer = signed_in.post(page, levels(behaviour="priority", skin="not_assessed"), follow=True)
    assert answer.redirect_chain == [(address("needs", referral), 302)]
    text = answer.content.decode()
    assert "Expected to be eligible for continuing healthcare" in text
    assert "never a decision" in text
    assert "Nobody has checked this against the source yet" in text
    assert NeedsProfile.objects.count() == 1


def test_needs_above_a_ceiling_answer_422_and_keep_what_was_chosen(signed_in: Client, referral: Referral) -> None:
    answer = signed_in.post(address("record-needs", referral), levels(continence="severe", mobility="severe", skin=""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Select a level for skin integrity, or “Not assessed”" in text
    assert 'href="#id_continence"' in text
    assert '<option value="severe" selected>' in text
    assert not NeedsProfile.objects.exists()


def test_tools_say_where_each_fact_stands(signed_in: Client, referral: Referral, team: User) -> None:
    text = signed_in.get(reverse("budgets:needs-tools")).content.decode()
    assert text.count("Nobody yet") == 34
    earlier = signed_in.get(f"{address('record-needs', referral)}?tool=adults-2012").content.decode()
    assert "November 2012" in earlier
    make_needs_profile(referral, by=team)
    make_needs_profile(referral, by=team)
    assert "Earlier profiles" in signed_in.get(address("needs", referral)).content.decode()


# ── Rate cards ───────────────────────────────────────────────────────────────────────────────────────────────────


def card_page(name: str, owner: Commissioner, *more: Any) -> str:
    return reverse(f"budgets:{name}", args=[owner.code, *more])


def test_rate_card_is_started_filled_and_put_in_force(
    signed_in: Client, commissioner: Commissioner, team: User
) -> None:
    day = {"applies_from_day": "1", "applies_from_month": "4", "applies_from_year": "2027"}
    start = card_page("start-rate-card", commissioner)
    first = signed_in.post(start, day, follow=True)
    assert first.redirect_chain == [(card_page("rate-card", commissioner, 1), 302)]
    # Sent again, it leads to the one that is being written.
    assert signed_in.post(start, day).headers["Location"] == card_page("rate-card", commissioner, 1)
    values = card_page("rate-card-values", commissioner, 1, "agency")
    refused = signed_in.post(values, {"agency_day_weekday": "21.505", "agency_nurse_weekday": "40"})
    assert refused.status_code == 422
    assert "must not include parts of a penny" in refused.content.decode()
    assert 'value="21.505"' in refused.content.decode()
    refused = signed_in.post(values, {"agency_day_weekday": "21.50"})
    assert "Enter where “Day, Monday to Friday” comes from" in refused.content.decode()
    given = {"agency_day_weekday": "21.50", "agency_nurse_weekday": "40", "agency_nurse_weekday_source": "Quote"}
    filled = signed_in.post(values, {**given, "source_of_all": "Framework 7"}, follow=True)
    for said in ("£21.50", "Framework 7", "Quote", "Version 1 is saved"):
        assert said in filled.content.decode()
    done = signed_in.post(card_page("put-rate-card-in-force", commissioner, 1), follow=True).content.decode()
    assert "Version 1 is in force" in done
    assert "Put in force" not in re.sub(r"<ol.*</ol>", "", done, flags=re.S)
    closed = signed_in.get(values, follow=True)
    assert "no longer a draft" in closed.content.decode()


def test_versions_are_compared_value_by_value(signed_in: Client, commissioner: Commissioner, team: User) -> None:
    make_rate_card(commissioner, by=team)
    make_draft_card(commissioner, by=team, agency_day_weekday="22", dbs="49.5")
    text = signed_in.get(card_page("compare-rate-cards", commissioner)).content.decode()
    for said in ("£20.00", "£22.00", "+2 (+10.0%)", "£49.50", "New", "Left out"):
        assert said in text
    assert signed_in.get(f"{card_page('compare-rate-cards', commissioner)}?older=1&newer=9").status_code == 422
    text = signed_in.get(card_page("rate-cards", commissioner)).content.decode()
    assert "Compare the latest two versions" in text


def test_finance_writes_and_a_nurse_reads(client: Client, commissioner: Commissioner, team: User) -> None:
    make_rate_card(commissioner, by=team)
    nurse = UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner)
    finance = UserFactory(role=Role.FINANCE, role__commissioner=commissioner)
    for user, is_writer in ((nurse, False), (finance, True)):
        client.force_login(user)
        text = client.get(card_page("rate-cards", commissioner)).content.decode()
        assert ("Start a version" in text) == is_writer
        assert client.get(card_page("rate-card", commissioner, 1)).status_code == 200
        assert client.get(card_page("start-rate-card", commissioner)).status_code == (200 if is_writer else 403)
        assert str(commissioner) in client.get(reverse("budgets:rate-card-owners")).content.decode()


def test_odd_numbers_and_signs_in_an_address_or_a_form_are_no_error(signed_in: Client, referral: Referral) -> None:
    work_out, long = address("work-out-indicative-budget", referral), "9" * 5000
    assert signed_in.get(work_out, {"from": long}).status_code == 200
    assert signed_in.post(work_out, sheet() | {"care-TOTAL_FORMS": long, "add-care": "1"}).status_code in {200, 422}
    assert signed_in.get(address("record-needs", referral), {"tool": "\0"}).status_code == 200
