"""The outbox: an e-mail is a row first, and sent once what it tells of is committed.

``send`` writes the row in the caller's transaction; a job gives it to the mail server that ``EMAIL_URL`` names. A
server that does not answer loses nothing: beat tries again for two days. Each e-mail carries the same Message-ID
however often it is tried, so that one sent twice, by a worker that died between the server's answer and the note of
it, can be told from two.

No e-mail names a person on the register: it says that something is to be seen, and where, after signing in.
"""

import datetime as dt
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import F

from phb_register import audit, clock, jobs
from phb_register.email_states import TABLE, TRY_AGAIN, EmailStatus
from phb_register.exceptions import Refused
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.models import Commissioner, Job, JobState, OutgoingEmail, User
from phb_register.roles import Permission
from phb_register.scope import check

JOB_KIND = "send-email"
GIVE_UP_AFTER = dt.timedelta(days=2)
# Answers of a mail server from here on are its last word (RFC 5321, 4.2.1).
LAST_WORD = 500
MOST_AT_ONCE = 500


@transaction.atomic
def send(
    *,
    to: str,
    subject: str,
    body: str,
    link: str,
    commissioner: Commissioner,
    about: models.Model | None = None,
) -> OutgoingEmail:
    """Write an e-mail to one address; it is sent when the caller's transaction is committed.

    ``body`` is plain text. ``link`` is a path of this site, set under the text as a whole address, or empty. ``about``
    is the record it tells of. Whoever manages the users of ``commissioner`` sees it in the outbox. Raises ``Refused``
    for what is no e-mail address.
    """
    try:
        validate_email(to)
    except ValidationError as error:
        raise Refused(f"“{to}” is not an e-mail address. Enter one like name@example.nhs.uk", field="email") from error
    now = clock.now()
    email = OutgoingEmail.objects.create(
        commissioner=commissioner,
        to_address=to,
        subject=" ".join(subject.split()),
        body=body.strip(),
        link=link,
        about_type=about._meta.label if about is not None else "",
        about_id=str(about.pk) if about is not None else "",
        written_at=now,
        waiting_since=now,
    )
    _enqueue(email)
    return email


@transaction.atomic
def try_again(*, email: OutgoingEmail, by: User) -> OutgoingEmail:
    """Send one that was given up, once more. Raises ``PermissionDenied``; ``Refused`` where it was not given up."""
    found = OutgoingEmail.objects.select_for_update().get(pk=email.pk)
    check(by, Permission.MANAGE_USERS, found.commissioner)
    if TRY_AGAIN not in TABLE.steps_from(found.status):
        raise Refused("This e-mail is sent or waiting to be sent. Look at the outbox again in a minute")
    found.status, found.error, found.waiting_since = EmailStatus.WAITING, "", clock.now()
    found.save(update_fields=["status", "error", "waiting_since"])
    audit.record(actor=by, action="send-email-again", subject=found)
    _enqueue(found)
    return found


def send_waiting() -> int:
    """Ask again for those whose job was given up, and give up those that wait too long. Returns how many it asked for.

    Called by beat.
    """
    too_long = clock.now() - GIVE_UP_AFTER
    waiting = list(OutgoingEmail.objects.waiting().order_by("waiting_since")[:MOST_AT_ONCE])
    stopped = set(
        Job.objects.filter(key__in=[_key(each) for each in waiting], state=JobState.FAILED).values_list(
            "key", flat=True
        )
    )
    again = 0
    for email in waiting:
        if email.waiting_since < too_long:
            _give_up(email, f"The mail server did not take it in two days. {email.error}".strip())
        elif _key(email) in stopped:
            _enqueue(email)
            again += 1
    return again


@job_kind(JOB_KIND, title="Sending an e-mail")
def deliver(run: JobRun) -> None:
    """Give one e-mail to the mail server, unless that was done or given up."""
    email = OutgoingEmail.objects.get(pk=run.parameters["email"])
    if email.status != EmailStatus.WAITING:
        return
    try:
        message_of(email).send()
    except (SMTPRecipientsRefused, SMTPDataError) as refusal:
        _note(email, refusal)
        if _is_last_word(refusal):
            _give_up(email, "The mail server refused it. Check the address, and write to it again")
            raise JobFailed("The mail server refused the e-mail") from refusal
        raise
    except (SMTPException, OSError) as fault:
        _note(email, fault)
        raise
    OutgoingEmail.objects.waiting().filter(pk=email.pk).update(
        status=EmailStatus.SENT, sent_at=clock.now(), attempts=F("attempts") + 1, error=""
    )


def message_of(email: OutgoingEmail) -> EmailMessage:
    """The e-mail as it goes to the mail server."""
    sender = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    return EmailMessage(
        subject=email.subject,
        body=text_of(email),
        from_email=sender,
        to=[email.to_address],
        headers={"Message-ID": f"<{email.reference}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def text_of(email: OutgoingEmail) -> str:
    """All of its text: what was written, where to see it, and who writes."""
    parts = [email.body]
    if email.link:
        parts.append(f"{settings.SITE_URL.rstrip('/')}{email.link}")
    parts.append("Personal health budget register\nThis e-mail was sent by a computer. Answers to it are not read.")
    return "\n\n".join(parts) + "\n"


def _key(email: OutgoingEmail) -> str:
    """Each time it is to be sent anew is a job of its own."""
    return f"{JOB_KIND}:{email.reference}:{email.waiting_since.isoformat()}"


def _enqueue(email: OutgoingEmail) -> None:
    jobs.enqueue(kind=JOB_KIND, key=_key(email), parameters={"email": email.pk}, requested_by=None)


def _note(email: OutgoingEmail, fault: Exception) -> None:
    """Note a try that failed; by its kind only, since a server's answer may repeat the address."""
    OutgoingEmail.objects.filter(pk=email.pk).update(
        attempts=F("attempts") + 1, error=f"Last reason: {type(fault).__name__}"
    )


def _give_up(email: OutgoingEmail, why: str) -> None:
    OutgoingEmail.objects.waiting().filter(pk=email.pk).update(status=EmailStatus.GIVEN_UP, error=why[:300])


def _is_last_word(refusal: SMTPRecipientsRefused | SMTPDataError) -> bool:
    if isinstance(refusal, SMTPDataError):
        return refusal.smtp_code >= LAST_WORD
    return all(code >= LAST_WORD for code, _ in refusal.recipients.values())
