"""Writing the templates of letters."""

from django.db import transaction

from eligibility.exceptions import TemplateChanged
from eligibility.models.letters import LetterTemplate
from eligibility.rules import letter_text
from phb_register import audit, scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, User
from phb_register.roles import Permission


@transaction.atomic
def save_template(
    *, commissioner: Commissioner, kind: str, wording: str, heading: str, body: str, expected_version: int, by: User
) -> LetterTemplate:
    """Make the next version of a template, which is the one in use from now on. Letters already written keep theirs.

    ``expected_version`` is the version its writer opened (0 where there was none). Saving the same text again gives
    the version there is. Raises ``PermissionDenied``, ``TemplateChanged`` where somebody saved another meanwhile, or
    ``Refused`` with the line and the remedy.
    """
    # One writer at a time: a commissioner's row stands for all its templates.
    commissioner = Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    scope.check(by, Permission.MANAGE_SETTINGS, commissioner)
    heading, body = " ".join(heading.split()), "\n".join(line.rstrip() for line in body.strip().splitlines())
    newest = LetterTemplate.objects.filter(commissioner=commissioner, kind=kind, wording=wording).first()
    version = newest.version if newest else 0
    if newest is not None and (newest.heading, newest.body) == (heading, body):
        return newest
    if version != expected_version:
        raise TemplateChanged(newest)
    check_template(kind=kind, heading=heading, body=body)
    template = LetterTemplate.objects.create(
        commissioner=commissioner,
        kind=kind,
        wording=wording,
        version=version + 1,
        heading=heading,
        body=body,
        written_by=by,
    )
    audit.record(
        actor=by,
        action="write-letter-template",
        subject=template,
        detail={"kind": kind, "wording": wording, "version": template.version},
    )
    return template


def check_template(*, kind: str, heading: str, body: str) -> None:
    """Raise ``Refused`` unless letters of this kind can be written from this text."""
    if not heading:
        raise Refused("Enter the heading", field="heading")
    if not body:
        raise Refused("Enter the text", field="body")
    problems = letter_text.template_problems(kind, heading, body)
    if problems:
        field = "heading" if problems[0].line == letter_text.HEADING_LINE else "body"
        raise Refused(". ".join(dict.fromkeys(str(each) for each in problems)), field=field)
