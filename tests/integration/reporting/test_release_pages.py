"""The log of what readers were shown who may not see people: for those who may, and for nobody else."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.urls import reverse

from phb_register.models import CommissionerSettings
from phb_register.roles import Role
from reporting.models import FigureRelease
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.releases import make_release
from tests.factories.reporting import make_spell
from tests.factories.snapshots import freeze_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb():
    return CommissionerFactory()


def sign_in(client, role, commissioner):
    client.force_login(UserFactory(role=role, role__commissioner=commissioner))


def test_log_says_what_was_hidden_and_why(client, icb):
    release = make_release(icb)
    sign_in(client, Role.PHB_TEAM, icb)
    log = client.get(reverse("reporting:disclosure-log", args=[icb.code])).content.decode()
    assert "30 September 2026" in log
    assert "1 to 4 hidden" in log
    page = client.get(reverse("reporting:figure-release", args=[icb.code, release.pk]))
    rows = [[cell.get("text") for cell in row] for row in page.context["table"]["rows"]]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("By: ld", "7", "Hidden: a small number could be worked out from it"),
        ("By: continuing-care", "3", "Hidden: a small number"),
        ("In place", "30", "Shown"),
        ("By: chc", "20", "Shown"),
    ]


@pytest.mark.parametrize("role", [Role.GOVERNING_BODY, Role.AUDITOR, Role.RISK_PANEL])
def test_log_is_not_for_those_whom_it_tells_of_people(client, icb, role):
    release = make_release(icb)
    sign_in(client, role, icb)
    for address in (
        reverse("reporting:disclosure-log", args=[icb.code]),
        reverse("reporting:figure-release", args=[icb.code, release.pk]),
    ):
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN


def test_log_reads_no_more_for_more_releases(client, icb, django_assert_num_queries):
    sign_in(client, Role.PHB_TEAM, icb)
    address = reverse("reporting:disclosure-log", args=[icb.code])
    make_release(icb)
    client.get(address)
    for number in range(1, 8):
        make_release(icb, dt.date(2026, number, 28))
    with django_assert_num_queries(15):
        client.get(address)


def test_commissioner_chooses_its_control_in_its_settings(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    page = client.get(reverse("phb_register:commissioner-settings", args=[icb.code]))
    assert "1 to 7 hidden, others rounded to 5" in page.content.decode()
    CommissionerSettings.objects.update_or_create(commissioner=icb, defaults={"disclosure_profile": "1-to-7"})
    assert make_release(icb).profile == "1-to-7"


def test_board_sees_a_restated_snapshot_with_its_reason(client, icb):
    for _ in range(9):
        make_spell(icb, started_on=dt.date(2026, 5, 4))
    address = reverse("reporting:dashboard", args=[icb.code])
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb)
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=icb)
    client.force_login(board)
    shown = client.get(address, {"as_at": "2026-09-30"})
    assert shown.status_code == HTTPStatus.OK
    for _ in range(6):
        make_spell(icb, started_on=dt.date(2026, 5, 4))
    freeze_figures(icb, dt.date(2026, 9, 30), team)
    client.get(address, {"as_at": "2026-09-30"})
    assert FigureRelease.objects.filter(part="uptake").count() == 1, "a first snapshot restates nothing"
    for _ in range(6):
        make_spell(icb, started_on=dt.date(2026, 5, 4))
    freeze_figures(icb, dt.date(2026, 9, 30), team, reason="Six came late")
    client.get(address, {"as_at": "2026-09-30"})
    restated = FigureRelease.objects.filter(part="uptake").order_by("-number").first()
    assert (restated.number, restated.reason) == (2, "Six came late")
    assert restated.cells.get(key="phbs_in_place", as_at=dt.date(2026, 9, 30)).value == 21


def test_restated_snapshot_restates_the_equity_lens_once(client, icb):
    for _ in range(9):
        make_spell(icb, started_on=dt.date(2026, 5, 4))
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=icb)
    sign_in(client, Role.GOVERNING_BODY, icb)
    day, address = dt.date(2026, 9, 30), reverse("reporting:equity", args=[icb.code])
    client.get(address, {"as_at": day.isoformat()})
    for reason, number in (("", 6), ("Six came late", 6), ("", 1)):
        for _ in range(number):
            make_spell(icb, started_on=dt.date(2026, 5, 4))
        if number > 1:
            freeze_figures(icb, day, team, reason=reason)
        for _ in range(2):
            assert client.get(address, {"as_at": day.isoformat()}).status_code == HTTPStatus.OK
    first, again = FigureRelease.objects.filter(part="equity").order_by("number")
    assert (again.number, again.reason) == (2, "Six came late")
    assert first.cells.get(key="equity/all").value == 9
    assert again.cells.get(key="equity/all").value == 21
