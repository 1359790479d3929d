"""The one table of what may happen to the merging of two records. Pure.

It drives the guard in the services, the forms on the page and the database trigger that refuses any other jump.
"""

from dataclasses import dataclass

from django.db import models


class MergeStatus(models.TextChoices):
    """How far the merging of two records is."""

    PROPOSED = "proposed", "Waiting for review"
    DECLINED = "declined", "Not merged"
    MERGED = "merged", "Merged"
    REVERSAL_ASKED = "reversal_asked", "Merged, reversal waiting for review"
    REVERSED = "reversed", "Reversed"


# While one of these stands, the two records are one.
ONE_RECORD = (MergeStatus.MERGED, MergeStatus.REVERSAL_ASKED)
# While one of these stands, neither record can be part of another proposal.
OPEN = (MergeStatus.PROPOSED, *ONE_RECORD)


@dataclass(frozen=True)
class MergeStep:
    """One thing done to a merge. A review is never made by who asked for it."""

    action: str
    label: str
    from_status: MergeStatus | None
    to_status: MergeStatus
    is_review: bool = False


PROPOSE = MergeStep("propose", "Merge proposed", None, MergeStatus.PROPOSED)
APPROVE = MergeStep("approve", "Merge approved", MergeStatus.PROPOSED, MergeStatus.MERGED, is_review=True)
DECLINE = MergeStep("decline", "Merge not approved", MergeStatus.PROPOSED, MergeStatus.DECLINED, is_review=True)
ASK_REVERSAL = MergeStep("ask_reversal", "Reversal asked for", MergeStatus.MERGED, MergeStatus.REVERSAL_ASKED)
REVERSE = MergeStep("reverse", "Merge reversed", MergeStatus.REVERSAL_ASKED, MergeStatus.REVERSED, is_review=True)
KEEP = MergeStep("keep", "Reversal not approved", MergeStatus.REVERSAL_ASKED, MergeStatus.MERGED, is_review=True)

STEPS: tuple[MergeStep, ...] = (PROPOSE, APPROVE, DECLINE, ASK_REVERSAL, REVERSE, KEEP)
LABELS: dict[str, str] = {step.action: step.label for step in STEPS}


def allowed_jumps() -> list[tuple[str, str]]:
    """Every change of status the table knows, as pairs of stored values."""
    return sorted((step.from_status.value, step.to_status.value) for step in STEPS if step.from_status)
