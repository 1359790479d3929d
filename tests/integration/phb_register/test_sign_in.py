"""Signing in: the card of roles, errors in our words, the second step, no way to sign up."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from phb_register.demonstration_logins import LOGINS, PASSWORD
from phb_register.models import User
from tests.factories.phb_register import UserFactory

SECRET = "a long enough passphrase"
LOGIN = "account_login"


@pytest.fixture
def user(db: None) -> User:
    user: User = UserFactory(email="nora@testing.example.nhs.uk", full_name="Nora Nightjar")
    user.set_password(SECRET)
    user.save()
    return user


def sign_in(client: Client, user: User, password: str = SECRET) -> object:
    return client.post(reverse(LOGIN), {"login": user.email, "password": password})


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_sign_in_page_shows_the_roles_in_the_demonstration(client: Client, db: None) -> None:
    html = client.get(reverse(LOGIN)).content.decode()

    assert PASSWORD in html
    for login in LOGINS:
        assert login.email in html
        assert login.description.replace("'", "&#39;") in html


@override_settings(DEMONSTRATION=False)
def test_sign_in_page_shows_no_roles_outside_the_demonstration(client: Client, db: None) -> None:
    html = client.get(reverse(LOGIN)).content.decode()

    assert "demonstration" not in html.lower()
    assert not any(login.email in html for login in LOGINS)


def test_sign_in_names_what_is_missing_with_422(client: Client, db: None) -> None:
    response = client.post(reverse(LOGIN), {"login": "", "password": ""})

    html = response.content.decode()
    assert response.status_code == 422
    assert re.search(r"<title>Error:\s+Sign in\s", html)
    assert re.findall(r'<a href="#(\w+)">\s*(.*?)\s*</a>', html) == [
        ("id_login", "Enter your e-mail address"),
        ("id_password", "Enter your password"),
    ]


def test_sign_in_does_not_say_which_of_the_two_is_wrong(client: Client, user: User) -> None:
    wrong_password = sign_in(client, user, "wrong").content.decode()  # type: ignore[attr-defined]
    nobody = client.post(
        reverse(LOGIN), {"login": "nobody@testing.example.nhs.uk", "password": SECRET}
    ).content.decode()

    said = "The e-mail address or the password is not right"
    assert said in wrong_password
    assert said in nobody
    assert SECRET not in nobody


def test_sign_in_leads_home_and_sign_out_leads_back(client: Client, user: User) -> None:
    assert sign_in(client, user)["Location"] == settings.LOGIN_REDIRECT_URL  # type: ignore[index]
    response = client.post(reverse("account_logout"), follow=True)

    assert response.redirect_chain[-1][0] == reverse(LOGIN)
    assert "You have signed out" in response.content.decode()


def test_nobody_signs_up(client: Client, db: None) -> None:
    before = User.objects.count()
    typed = {"email": "new@testing.example.nhs.uk", "password1": SECRET, "password2": SECRET}

    assert "Ask for an account" in client.get(reverse("account_signup")).content.decode()
    client.post(reverse("account_signup"), typed)
    assert User.objects.count() == before


def test_second_step_from_set_up_to_sign_in(client: Client, user: User) -> None:
    sign_in(client, user)
    activate = reverse("mfa_activate_totp")
    again = client.get(activate, follow=True)
    assert "Confirm that it is you" in again.content.decode()
    page = client.post(again.redirect_chain[-1][0], {"password": SECRET}, follow=True)
    html = page.content.decode()
    assert "<svg" in html
    assert "data:image" not in html
    secret = re.search(r"Key: <strong[^>]*>(\w+)</strong>", html)
    assert secret

    wrong = client.post(activate, {"code": "000000"})
    assert wrong.status_code == 422
    assert "Security code is not right" in wrong.content.decode()

    codes = client.post(activate, {"code": code(secret[1])}, follow=True)
    recovery = re.findall(r"<li>(\d{8})</li>", codes.content.decode())
    assert len(recovery) == 10
    account = client.get(reverse("mfa_index")).content.decode()
    assert "Remove the app" in account
    assert user.email in account
    assert "Remove the authenticator app?" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    assert "Make new codes" in client.get(reverse("mfa_generate_recovery_codes")).content.decode()

    other = Client()
    second = other.get(sign_in(other, user)["Location"])  # type: ignore[index]
    assert "Enter your security code" in second.content.decode()
    empty = other.post(reverse("mfa_authenticate"), {"code": ""})
    assert "Enter the security code" in empty.content.decode()
    assert other.post(reverse("mfa_authenticate"), {"code": recovery[0]}).status_code == 302
    assert other.get("/").status_code == 200


def test_password_is_changed_with_the_old_one_only(client: Client, user: User) -> None:
    sign_in(client, user)
    new = "another quite long passphrase"
    url = reverse("account_change_password")

    wrong = client.post(url, {"oldpassword": "wrong", "password1": new, "password2": "other"})
    assert wrong.status_code == 422
    assert "Current password is not right" in wrong.content.decode()
    client.post(url, {"oldpassword": SECRET, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_forgotten_password_is_answered_alike_for_anybody(client: Client, user: User) -> None:
    url = reverse("account_reset_password")

    known = client.post(url, {"email": user.email}, follow=True).content.decode()
    unknown = client.post(url, {"email": "nobody@testing.example.nhs.uk"}, follow=True).content.decode()

    assert "Check your e-mail" in known
    assert "Check your e-mail" in unknown
