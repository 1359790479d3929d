import pgtrigger
import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from phb_register import audit
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from phb_register.selectors.access_log import access_log_for
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

ALTER = {
    "who": "UPDATE phb_register_accesslogentry SET actor_id = NULL WHERE id = %s",
    "what": "UPDATE phb_register_accesslogentry SET action = 'sign-out' WHERE id = %s",
    "detail": "UPDATE phb_register_accesslogentry SET detail = '{}' WHERE id = %s",
    "when": "UPDATE phb_register_accesslogentry SET at = at - interval '1 second' WHERE id = %s",
    "record": "UPDATE phb_register_accesslogentry SET subject_id = '0' WHERE id = %s",
}


def write_entries(count: int = 5) -> None:
    user = UserFactory()
    for number in range(count):
        audit.record(actor=user, action="export", detail={"rows": number + 1, "what": "père & fils"})


def test_log_that_nobody_touched_is_whole() -> None:
    write_entries()
    assert audit.first_broken_entry() is None


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE", "TRUNCATE"])
def test_entry_cannot_be_changed_or_removed(statement: str) -> None:
    write_entries(1)
    sql = {
        "UPDATE": "UPDATE phb_register_accesslogentry SET action = 'x'",
        "DELETE": "DELETE FROM phb_register_accesslogentry",
        "TRUNCATE": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE phb_register_accesslogentry CASCADE",
    }[statement]
    with pytest.raises(InternalError, match=r"Cannot|may not"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AccessLogEntry.objects.count() == 1


@pytest.mark.parametrize("change", ALTER)
def test_entry_altered_behind_the_guard_is_found(change: str) -> None:
    write_entries()
    entry = AccessLogEntry.objects.order_by("pk")[2]
    with pgtrigger.ignore("phb_register.AccessLogEntry:access_log_append_only"), connection.cursor() as cursor:
        cursor.execute(ALTER[change], [entry.pk])
    assert audit.first_broken_entry() == entry.pk


def test_entry_removed_behind_the_guard_is_found() -> None:
    write_entries()
    third, fourth = AccessLogEntry.objects.order_by("pk")[2:4]
    with pgtrigger.ignore("phb_register.AccessLogEntry:access_log_append_only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM phb_register_accesslogentry WHERE id = %s", [third.pk])
    assert audit.first_broken_entry() == fourth.pk


def test_auditor_sees_the_log_of_their_commissioner_only(client: Client) -> None:
    ours, theirs = CommissionerFactory(), CommissionerFactory()
    reader = UserFactory(full_name="Reading Nurse")
    audit.record_read(reader, PersonFactory(commissioner=ours))
    audit.record_read(UserFactory(full_name="Foreign Nurse"), PersonFactory(commissioner=theirs))
    client.force_login(UserFactory(role=Role.AUDITOR, role__commissioner=ours))
    page = client.get(reverse("phb_register:access-log")).text
    assert "Reading Nurse" in page
    assert "Foreign Nurse" not in page
    assert "Every entry follows" in page


def test_auditor_sees_sign_ins_of_their_users_and_lists_they_saw(client: Client) -> None:
    ours = CommissionerFactory()
    nurse = UserFactory(full_name="Our Nurse", role=Role.REFERRING_NURSE, role__commissioner=ours)
    stranger = UserFactory(full_name="A Stranger", role=Role.REFERRING_NURSE, role__commissioner=CommissionerFactory())
    for user in (nurse, stranger):
        client.force_login(user)
    client.force_login(nurse)
    person = PersonFactory(commissioner=ours)
    client.get(reverse("phb_register:people"))
    auditor = UserFactory(role=Role.AUDITOR, role__commissioner=ours)
    entries = list(access_log_for(auditor))
    assert {entry.actor for entry in entries if entry.action == "sign-in"} == {nurse}
    assert [entry.detail["people"] for entry in entries if entry.action == "list"] == [[person.pk]]


def test_access_log_says_what_is_wrong_with_a_date(client: Client) -> None:
    client.force_login(UserFactory(role=Role.AUDITOR, role__commissioner=CommissionerFactory()))
    answer = client.get(
        reverse("phb_register:access-log"), {"since_day": "31", "since_month": "2", "since_year": "2017"}
    )
    assert answer.status_code == 422
    assert "must be a real date" in answer.text


def test_access_log_is_closed_to_other_roles(client: Client) -> None:
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=CommissionerFactory()))
    assert client.get(reverse("phb_register:access-log")).status_code == 403
