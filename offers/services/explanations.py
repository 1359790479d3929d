"""Saying why something changed since the edition before, how far what it promised has got, and what was learnt."""

from django.db import transaction

from offers import policies
from offers.enums import ContributionKind
from offers.exceptions import ExplanationConflict, TextIsLocked
from offers.models import Edition, Explanation
from offers.rules import text
from offers.rules.editions import WRITING_STATUSES
from offers.services import contributions
from offers.services.editions import locked
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

LONGEST = 2000


@transaction.atomic
def explain(
    *, edition: Edition, kind: str, key: str, words: str, fingerprint: str, expected_version: int, by: User
) -> Explanation:
    """Save what is said of a change, or of the progress of a promise, over the version its writer opened (0: none).

    `fingerprint` is that of the change as the writer saw it; nothing for progress. Raises `PermissionDenied`,
    `ExplanationConflict` if somebody saved it since, and `TextIsLocked` once the edition is handed to those who decide.
    """
    edition = _writable(edition, by)
    found = Explanation.objects.select_related("written_by").filter(edition=edition, kind=kind, key=key).first()
    if (found.version if found else 0) != expected_version:
        raise ExplanationConflict(
            saved_by=found.written_by.full_name if found else "", current_version=found.version if found else 0
        )
    words = _checked(words)
    if found and (found.words, found.fingerprint) == (words, fingerprint):
        return found
    explanation = found or Explanation(edition=edition, kind=kind, key=key, version=0)
    explanation.words = words
    explanation.fingerprint = fingerprint
    explanation.version += 1
    explanation.written_by = by
    explanation.written_at = clock.now()
    explanation.save()
    _record(edition, by, action="explain-change", detail={"kind": kind, "key": key, "version": explanation.version})
    return explanation


@transaction.atomic
def write_learning(*, edition: Edition, learning: str, seen: str, by: User) -> Edition:
    """Save what was learnt since the edition before (Markdown). `seen` is what stood there when its writer opened it.

    Raises as `explain` does.
    """
    edition = _writable(edition, by)
    learning = _checked(learning, longest=4 * LONGEST)
    if text.figure_codes(learning):
        raise Refused(
            "Figures are put into sections only. Write the number, or put the figure in a section", field="words"
        )
    if edition.learning == learning:
        return edition
    if edition.learning != seen:
        raise ExplanationConflict(saved_by="", current_version=0)
    edition.learning = learning
    edition.save(update_fields=["learning"])
    _record(edition, by, action="write-learning", detail={"number": edition.number})
    return edition


def _writable(edition: Edition, by: User) -> Edition:
    edition = locked(edition)
    policies.check_permission(by, Permission.WRITE_OFFERS, edition.local_offer)
    if edition.status not in WRITING_STATUSES:
        raise TextIsLocked(
            f"Edition {edition.number} is {edition.get_status_display().lower()}, so its reasons cannot be changed. "
            "Have it returned first"
        )
    return edition


def _checked(words: str, longest: int = LONGEST) -> str:
    words = words.replace("\r\n", "\n").strip()
    if len(words) > longest:
        raise Refused(f"Shorten it to {longest:,} characters or fewer", field="words")
    return words


def _record(edition: Edition, by: User, *, action: str, detail: dict[str, object]) -> None:
    contributions.note(offer=edition.local_offer, by=by, to=ContributionKind.REASONS)
    audit.record(actor=by, action=action, subject=edition, commissioner=edition.local_offer.commissioner, detail=detail)
