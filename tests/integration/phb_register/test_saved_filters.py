"""Saved filters of the lists: saved, used, renamed, deleted, and nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from phb_register.models import SavedFilter, User
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db
SAVE = "phb_register:save-filter"
LISTS = {"referrals": "eligibility:referrals", "register": "budgets:register"}


@pytest.fixture
def team(client: Client) -> User:
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=CommissionerFactory())
    client.force_login(user)
    return user


def saved(user: User, name: str = "Mine", of: str = "referrals", query: str = "status=submitted") -> SavedFilter:
    return SavedFilter.objects.create(user=user, list_code=of, name=name, query=query)


@pytest.mark.parametrize(
    ("of", "query", "kept"),
    [
        ("referrals", "status=submitted&cohort=&after=2026-11-22.17", "status=submitted"),
        ("register", "state=any&older_than=2026-11-22.17", "state=any"),
    ],
)
def test_filters_are_saved_without_place_and_used_from_the_list(
    client: Client, team: User, of: str, query: str, kept: str
) -> None:
    form = client.get(f"{reverse(LISTS[of])}?{query}").context["save_filter_form"]
    sent = {"name": " Waiting ", "of": of, "query": form.initial["query"]}
    answered = client.post(reverse(SAVE), sent, follow=True)
    assert answered.redirect_chain == [(f"{reverse(LISTS[of])}?{kept}", 302)]
    row = SavedFilter.objects.get()
    assert (row.user, row.list_code, row.name, row.query) == (team, of, "Waiting", kept)
    assert answered.context["saved_filters"][0]["url"] == f"{reverse(LISTS[of])}?{kept}"


def test_list_without_filters_offers_none_to_save(client: Client, team: User) -> None:
    assert client.get(reverse("eligibility:referrals")).context["save_filter_form"] is None
    answered = client.post(reverse(SAVE), {"name": "All", "of": "referrals", "query": "after=x&status="})
    assert answered.status_code == 422
    assert "Filter the list before you save the filters" in answered.content.decode()


@pytest.mark.parametrize(
    ("name", "query", "remedy"),
    [
        ("", "status=submitted", "Enter a name for these filters"),
        ("Mine", "status=declined", "You have saved filters under this name already"),
        ("Other", f"status={'x' * 1001}", "There are too many filters to save"),
        ("x" * 81, "status=submitted", "80 characters or fewer"),
    ],
)
def test_what_cannot_be_saved_is_answered_422_with_the_remedy(
    client: Client, team: User, name: str, query: str, remedy: str
) -> None:
    saved(team)
    answered = client.post(reverse(SAVE), {"name": name, "of": "referrals", "query": query})
    assert answered.status_code == 422
    assert remedy in answered.content.decode()
    assert SavedFilter.objects.count() == 1


def test_names_are_ones_own_for_each_list(client: Client, team: User) -> None:
    saved(team)
    saved(UserFactory(), name="Theirs")
    assert client.post(reverse(SAVE), {"name": "Mine", "of": "register", "query": "state=any"}).status_code == 302
    assert client.post(reverse(SAVE), {"name": "Theirs", "of": "referrals", "query": "status=x"}).status_code == 302


def test_filters_are_renamed_and_deleted(client: Client, team: User) -> None:
    row, other = saved(team), saved(team, name="Other")
    rename = reverse("phb_register:rename-filter", args=[row.pk])
    assert 'value="Mine"' in client.get(rename).content.decode()
    assert client.post(rename, {"name": "Other"}).status_code == 422
    assert client.post(rename, {"name": "Better"}).status_code == 302
    row.refresh_from_db()
    assert row.name == "Better"
    delete = reverse("phb_register:delete-filter", args=[row.pk])
    assert client.get(delete).status_code == 405
    assert client.post(delete).status_code == 302
    assert list(SavedFilter.objects.all()) == [other]
    assert client.post(delete).status_code == 404


def test_another_users_filters_are_not_found_nor_shown(client: Client, team: User) -> None:
    theirs = saved(UserFactory(), name="Theirs")
    for name in ("rename-filter", "delete-filter"):
        assert client.post(reverse(f"phb_register:{name}", args=[theirs.pk]), {"name": "x"}).status_code == 404
    assert "Theirs" not in client.get(reverse("eligibility:referrals")).content.decode()


def test_filters_of_a_list_that_one_may_not_see_cannot_be_saved(client: Client) -> None:
    client.force_login(UserFactory(role=Role.FINANCE, role__commissioner=CommissionerFactory()))
    for of in ("referrals", "nonsense"):
        assert client.post(reverse(SAVE), {"name": "Mine", "of": of, "query": "status=submitted"}).status_code == 404
