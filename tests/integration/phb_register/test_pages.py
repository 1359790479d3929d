"""The pages that every service has, the frame around all pages, and the gallery of components."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.views.defaults import server_error

from phb_register.roles import Role
from tests.factories.phb_register import UserFactory

PUBLIC = ["phb_register:accessibility", "phb_register:privacy"]


@pytest.fixture
def team(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(full_name="Tamsin Turnstone", role=Role.PHB_TEAM))
    return client


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_needs_no_session_no_cookie_and_no_database(name: str, client: Client) -> None:
    response = client.get(reverse(name))  # no `db` fixture: a query would fail

    assert response.status_code == 200
    assert not response.cookies
    assert "Staff sign in" in response.content.decode()


def test_privacy_page_names_the_cookies_of_the_settings(client: Client) -> None:
    html = client.get(reverse("phb_register:privacy")).content.decode()

    assert settings.SESSION_COOKIE_NAME in html
    assert settings.CSRF_COOKIE_NAME in html
    assert f"{settings.SESSION_COOKIE_AGE // 60} minutes" in html


def test_page_for_a_user_shows_who_is_signed_in_and_a_way_out(team: Client) -> None:
    html = team.get("/").content.decode()

    assert "Tamsin Turnstone" in html
    form = re.search(r'<form[^>]*action="([^"]+)"[^>]*method="post"[^>]*>(.*?)</form>', html, re.S)
    assert form
    assert form[1] == reverse("account_logout")
    assert "csrfmiddlewaretoken" in form[2]
    assert "Skip to main content" in html
    assert "The register supports decisions; a professional makes them." in html


def test_navigation_marks_the_page_and_its_part_of_the_site(team: Client) -> None:
    people = reverse("phb_register:people")

    html = team.get(people).content.decode()

    assert re.search(rf'href="{people}"[^>]*aria-current="page"', html)
    assert len(re.findall("aria-current", html)) == 1


def test_page_for_a_user_warns_before_the_session_ends_with_its_own_time(team: Client) -> None:
    html = team.get("/").content.decode()

    assert f'data-session-seconds="{settings.SESSION_COOKIE_AGE}"' in html
    assert f'action="{reverse("phb_register:stay-signed-in")}"' in html


def test_stay_signed_in_is_for_users_and_by_post(team: Client, client: Client) -> None:
    url = reverse("phb_register:stay-signed-in")

    assert team.post(url).status_code == 204
    assert team.get(url).status_code == 405
    assert client.post(url).status_code == 302


def test_no_page_has_inline_script_or_style(team: Client) -> None:
    for url in (
        "/",
        reverse("phb_register:component-gallery"),
        reverse("account_login"),
        reverse("phb_register:privacy"),
    ):
        html = team.get(url, follow=True).content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"", html), url


def test_messages_are_banners_with_titles_of_their_own_and_escaped() -> None:
    said = [Message(constants.SUCCESS, "Referral <b>accepted</b>"), Message(constants.WARNING, "Look again")]

    html = render_to_string("layouts/_messages.html", {"messages": said})

    assert "Referral &lt;b&gt;accepted&lt;/b&gt;" in html
    assert html.count("nhsuk-notification-banner--success") == 1
    assert re.findall(r'aria-labelledby="([^"]+)"', html) == ["message-title-1", "message-title-2"]


# ── The gallery ───────────────────────────────────────────────────────────────────────────────────────────────


def test_gallery_shows_every_component_in_the_demonstration(client: Client) -> None:
    response = client.get(reverse("phb_register:component-gallery"))

    assert response.status_code == 200
    html = response.content.decode()
    for part in ("nhsuk-date-input", "nhsuk-radios", "nhsuk-checkboxes", "nhsuk-select", "nhsuk-table", "nhsuk-tabs"):
        assert part in html


@override_settings(DEMONSTRATION=False)
def test_gallery_is_not_found_outside_the_demonstration(client: Client) -> None:
    assert client.get(reverse("phb_register:component-gallery")).status_code == 404


def test_form_with_errors_answers_422_and_loses_nothing(client: Client) -> None:
    typed = {
        "full_name": "O'Brien <b>",
        "nhs_number": "12 34",
        "born_on_day": "31",
        "born_on_month": "2",
        "born_on_year": "1980",
        "method": "direct_payment",
        "annual_amount": "lots",
        "needs": ["mobility"],
        "cohort": "chc",
        "reasons": "One\n  two",
        "has_capacity": "unknown",
    }

    response = client.post(reverse("phb_register:component-gallery"), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Components" in html
    for shown in (
        'value="O&#x27;Brien &lt;b&gt;"',
        'value="12 34"',
        'value="31"',
        'value="1980"',
        'value="lots"',
        "One\n  two</textarea>",
    ):
        assert shown in html.replace("&#39;", "&#x27;")
    for pattern in (
        r'value="direct_payment" checked',
        r'value="mobility" checked',
        r'value="chc" selected',
        r'value="unknown" checked',
    ):
        assert re.search(pattern, html), pattern
    summary = html.split("nhsuk-error-summary__list")[1].split("</ul>")[0]
    assert re.findall(r'href="#([^"]+)"', summary) == [
        "id_nhs_number",
        "id_born_on_day",
        "id_payee",
        "id_annual_amount",
        "id_nhs_share",
        "id_is_agreed",
    ]


def test_form_that_is_right_is_taken(client: Client) -> None:
    typed: dict[str, Any] = {
        "full_name": "Juniper Example",
        "nhs_number": "999 000 0018",
        "born_on_day": "31",
        "born_on_month": "March",
        "born_on_year": "1980",
        "method": "notional",
        "annual_amount": "£12,500",
        "nhs_share": "100%",
        "has_capacity": "yes",
        "needs": ["none"],
        "cohort": "chc",
        "reasons": "As agreed",
        "is_agreed": "on",
    }

    response = client.post(reverse("phb_register:component-gallery"), typed)

    assert response.status_code == 200
    assert "There is a problem" not in response.content.decode()


# ── Errors ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_page_not_found_is_said_plainly(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "<h1>Page not found</h1>" in response.content.decode()


def test_page_of_another_role_is_said_plainly(team: Client) -> None:
    response = team.get(reverse("phb_register:access-log"))

    assert response.status_code == 403
    assert "You cannot open this page" in response.content.decode()


def test_form_without_its_token_is_said_plainly(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "What you sent was not taken" in response.content.decode()


def test_fault_of_ours_is_said_without_database_or_context() -> None:
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_static_files_are_collected_as_production_stores_them(tmp_path: Path) -> None:
    stored = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    stored["staticfiles"] = {"BACKEND": "phb_register.static_storage.StaticFilesStorage"}

    with override_settings(STATIC_ROOT=tmp_path, STORAGES=stored):
        call_command("collectstatic", interactive=False, verbosity=0)

    (script,) = tmp_path.glob("app.????????????.js")
    library = re.search(r"from ['\"]\./(nhsuk-frontend\.min\.\w{12}\.js)['\"]", script.read_text())
    assert library
    assert (tmp_path / library[1]).exists()
    (style,) = tmp_path.glob("app.????????????.css")
    assert not re.search(r"https?://", style.read_text())
