"""What stands on a page of a draft that nobody finished: kept as it is typed, shown again, forgotten once saved."""

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import ReferralDraft
from phb_register.models import Commissioner, User
from tests.factories.eligibility import make_draft, make_nurse
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def nurse(icb: Commissioner) -> User:
    return make_nurse(icb)


@pytest.fixture
def draft(icb: Commissioner, nurse: User) -> ReferralDraft:
    return make_draft(nurse, PersonFactory(commissioner=icb))


def page(draft: ReferralDraft, name: str = "received") -> str:
    return reverse(f"eligibility:draft-{name}", args=[draft.reference])


def test_half_typed_page_survives_a_sign_out(client: Client, draft: ReferralDraft, nurse: User) -> None:
    client.force_login(nurse)
    keeps = client.get(page(draft)).context["typed_url"]
    half = {"received_on_day": "3", "received_on_month": "Nov", "received_on_year": "", "csrfmiddlewaretoken": "x"}
    assert client.post(keeps, half).status_code == 204
    client.logout()
    client.force_login(nurse)
    shown = client.get(page(draft))
    assert shown.status_code == 200
    content = shown.content.decode()
    assert 'value="Nov"' in content
    assert "There is a problem" not in content
    draft.refresh_from_db()
    assert draft.typed == {"received": {name: [half[name]] for name in list(half)[:3]}}


def test_saved_page_forgets_what_was_typed(client: Client, draft: ReferralDraft, nurse: User) -> None:
    client.force_login(nurse)
    keeps = client.get(page(draft)).context["typed_url"]
    client.post(keeps, {"received_on_day": "99"})
    sent = {"received_on_day": "3", "received_on_month": "11", "received_on_year": "2026"}
    assert client.post(page(draft), {**sent, "received_on_day": "99"}).status_code == 422
    draft.refresh_from_db()
    assert draft.typed
    assert client.post(page(draft), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.typed == {}
    assert 'value="99"' not in client.get(page(draft)).content.decode()


def test_nobody_else_reads_or_writes_what_was_typed(client: Client, icb: Commissioner, draft: ReferralDraft) -> None:
    client.force_login(make_nurse(icb))
    assert client.post(page(draft, "typed"), {"received_on_day": "3"}).status_code == 404


def test_more_than_a_page_holds_is_not_kept(client: Client, draft: ReferralDraft, nurse: User) -> None:
    client.force_login(nurse)
    address = f"{page(draft, 'typed')}?page=check"
    client.post(address, {"note": "x" * 9000})
    client.post(f"{page(draft, 'typed')}?page={'x' * 100}", {"note": "x"})
    assert client.post(address, {"note": "no text\x00"}).status_code == 204
    draft.refresh_from_db()
    assert draft.typed == {}
    client.post(address, {"note": "Half a sent"})
    assert "Half a sent" in client.get(page(draft, "check")).content.decode()
