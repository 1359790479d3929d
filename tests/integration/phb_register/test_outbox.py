"""The outbox: written with what it tells of, sent after it, tried again, seen by administrators."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import Error, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from phb_register import emails, jobs
from phb_register.email_states import EmailStatus
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Job, JobState, OutgoingEmail, OutgoingEmailEvent, User
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.support.mail import MailServer, mail_server

pytestmark = pytest.mark.django_db

TO = "invited@example.org"


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def administrator(commissioner: Commissioner) -> User:
    return UserFactory(role=Role.ADMINISTRATOR, role__commissioner=commissioner)


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with mail_server() as started:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        yield started


def write(commissioner: Commissioner, **words: object) -> OutgoingEmail:
    said = {"to": TO, "subject": "A board pack", "body": "It is ready.", "link": "/board-packs/", **words}
    return emails.send(commissioner=commissioner, about=commissioner, **said)


def job_of(email: OutgoingEmail) -> Job:
    return Job.objects.get(parameters__email=email.pk)


def deliver(email: OutgoingEmail) -> OutgoingEmail:
    jobs.run(Job.objects.filter(parameters__email=email.pk).latest("pk").pk)
    email.refresh_from_db()
    return email


def test_email_arrives_at_the_mail_server_once(commissioner: Commissioner, server: MailServer) -> None:
    email = write(commissioner, subject="A board\npack")
    assert deliver(email).status == EmailStatus.SENT
    deliver(email)
    (taken,) = server.taken
    assert "Subject: A board pack\r\n" in taken
    assert f"To: {TO}\r\n" in taken
    assert "It is ready.\r\n\r\nhttp://localhost:8000/board-packs/" in taken
    assert (email.attempts, email.error) == (1, "")


def test_email_of_what_never_happened_is_never_sent(commissioner: Commissioner) -> None:
    with transaction.atomic():
        write(commissioner)
        transaction.set_rollback(True)
    assert not OutgoingEmail.objects.exists()
    assert not Job.objects.exists()
    assert mail.outbox == []


def test_email_waits_for_a_mail_server_that_does_not_answer(commissioner: Commissioner, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    email = write(commissioner)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert deliver(email).status == EmailStatus.WAITING
    assert (email.attempts, email.error) == (5, "Last reason: ConnectionRefusedError")
    assert job_of(email).state == JobState.FAILED
    assert emails.send_waiting() == 1
    assert emails.send_waiting() == 0, "it is asked for again already"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver(email).status == EmailStatus.SENT
    assert [each.to for each in mail.outbox] == [[TO]]


def test_email_is_given_up_after_two_days(commissioner: Commissioner) -> None:
    email = write(commissioner)
    emails.send_waiting()
    email.refresh_from_db()
    assert email.status == EmailStatus.WAITING
    OutgoingEmail.objects.filter(pk=email.pk).update(waiting_since=email.waiting_since - dt.timedelta(days=3))
    emails.send_waiting()
    assert deliver(email).status == EmailStatus.GIVEN_UP
    assert "two days" in email.error
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("answer", "status"), [("550 nobody here", EmailStatus.GIVEN_UP), ("451 later", EmailStatus.WAITING)]
)
def test_refusal_of_the_mail_server_is_its_last_word_or_not(
    commissioner: Commissioner, server: MailServer, answer: str, status: EmailStatus
) -> None:
    server.answers_recipients = answer
    email = deliver(write(commissioner))
    assert email.status == status
    assert TO not in email.error
    assert server.taken == []


def test_email_given_up_is_sent_again_by_an_administrator(
    commissioner: Commissioner, administrator: User, server: MailServer, client: Client
) -> None:
    server.answers_recipients = "550 nobody here"
    email = deliver(write(commissioner))
    client.force_login(administrator)
    address = reverse("phb_register:outbox-email", args=[email.reference])
    assert b"Send again" in client.get(address).content
    assert client.post(address).status_code == 302
    server.answers_recipients = "250 well"
    assert deliver(email).status == EmailStatus.SENT
    page = client.get(address)
    assert b"Send again" not in page.content
    assert b"http://localhost:8000/board-packs/" in page.content
    again = client.post(address, follow=True)
    assert "is sent or waiting to be sent" in again.content.decode()
    assert len(server.taken) == 1
    statuses = OutgoingEmailEvent.objects.order_by("pk").values_list("status", flat=True)
    assert list(dict.fromkeys(statuses)) == ["waiting", "given-up", "sent"]


@pytest.mark.parametrize("to", ["", "nobody", "one@example.org, two@example.org", "a@b\nBcc: c@example.org"])
def test_what_is_no_address_is_refused_with_the_remedy(commissioner: Commissioner, to: str) -> None:
    with pytest.raises(Refused, match="Enter one like"):
        write(commissioner, to=to)


@pytest.mark.parametrize("link", ["https://elsewhere.example.org/", "//elsewhere.example.org/", "/\\elsewhere", "x"])
def test_link_leads_nowhere_but_here(commissioner: Commissioner, link: str) -> None:
    with pytest.raises(IntegrityError, match="email_link_stays_here"):
        write(commissioner, link=link)


@pytest.mark.parametrize(
    "change",
    ["subject = 'Another'", "body = 'Another'", "to_address = 'x@example.org'", "status = 'given-up', body = 'x'"],
)
def test_words_stay_as_they_were_written(commissioner: Commissioner, change: str) -> None:
    write(commissioner)
    with pytest.raises(Error, match="Cannot update"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE phb_register_outgoingemail SET {change}")  # noqa: S608


def test_outbox_lists_those_of_ones_own_commissioner_in_so_many_queries(
    commissioner: Commissioner, administrator: User, client: Client, django_assert_num_queries
) -> None:
    for number in range(60):
        write(commissioner, subject=f"Pack {number}")
    write(CommissionerFactory(), subject="Not ours")
    client.force_login(administrator)
    address = reverse("phb_register:outbox")
    client.get(address)
    with django_assert_num_queries(9):
        page = client.get(address)
    text = page.content.decode()
    assert text.count("/outbox/") >= 50
    assert "Not ours" not in text
    assert "no e-mail leaves it" in text


def test_record_finds_the_emails_about_it(commissioner: Commissioner) -> None:
    email = write(commissioner)
    write(CommissionerFactory())
    assert list(OutgoingEmail.objects.about(commissioner)) == [email]
