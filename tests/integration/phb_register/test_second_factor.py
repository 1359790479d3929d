"""Outside the demonstration nobody gets past the second step of signing in."""

import os
import subprocess
import sys

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from phb_register.models import User
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["phb_register:home", "phb_register:people", "eligibility:new", "offers:your-offers", "account_change_password"]


@pytest.fixture
def user(settings: LazySettings) -> User:
    settings.SECOND_FACTOR_REQUIRED = True
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=CommissionerFactory())


@pytest.mark.parametrize("name", PAGES)
def test_user_without_a_second_step_is_sent_to_set_one_up(client: Client, user: User, name: str) -> None:
    client.force_login(user)
    for answer in (client.get(reverse(name)), client.post(reverse(name))):
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("name", PAGES)
def test_user_with_a_second_step_goes_on(client: Client, user: User, name: str) -> None:
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 200


def test_user_without_a_second_step_may_read_what_is_public_and_sign_out(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(reverse("offers:local-offers")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")


def test_recovery_codes_alone_are_no_second_step(client: Client, user: User) -> None:
    RecoveryCodes.activate(user)
    client.force_login(user)
    assert client.get(reverse("phb_register:home"))["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize(("demonstration", "required"), [("true", "False"), ("false", "True")])
def test_second_step_is_asked_for_everywhere_but_in_the_demonstration(demonstration: str, required: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.SECOND_FACTOR_REQUIRED)"],
        env={**os.environ, "DEMONSTRATION": demonstration, "DJANGO_SETTINGS_MODULE": "phb_register.settings.local"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == required
