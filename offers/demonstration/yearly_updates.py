"""What the demonstration's second editions change in the first, and what their authors say of it.

A text that somebody has written in since is left alone, and so is a reason that is given already.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from offers.demonstration.consultations import consult_on
from offers.models import Edition, LocalOffer, OfferSection
from offers.rules.timeline_entries import LineDetails, PhaseDetails
from offers.selectors.changes import changes_of, name_of
from offers.selectors.timeline import details_of
from offers.services.explanations import explain, write_learning
from offers.services.sections import save_section
from offers.services.timeline import save_timeline
from phb_register.models import User

#: Said of a change for which nothing else is given below: what was written in the demonstration by hand.
OTHER_REASON = "To say it in words that more people understand."


@dataclass(frozen=True)
class Move:
    """A line of the timeline that becomes another one: in a phase (the same, if none is named), with other details."""

    phase: str
    cohort: str
    to_phase: str = ""
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Update:
    """The yearly update of one offer. `texts`: of a section, words and what stands in their place now."""

    code: str
    figures_as_at: dt.date
    approved_on: dt.date
    texts: Mapping[str, tuple[str, str]]
    moves: tuple[Move, ...]
    reasons: Mapping[str, str]
    notes: Mapping[str, str]
    learning: str
    consultation: tuple[dt.date, dt.date] | None = None


UPDATES = (
    Update(
        code="LLR",
        figures_as_at=dt.date(2018, 2, 7),
        approved_on=dt.date(2018, 3, 22),
        consultation=(dt.date(2018, 1, 8), dt.date(2018, 2, 26)),
        texts={
            "how-to-ask": (
                "Ask the person who plans your care, for example your continuing healthcare nurse, your child's nurse "
                "or your social worker.",
                "Ask the person who plans your care. For a child that is the child's nurse or the family's social "
                "worker; for an adult, the continuing healthcare nurse or the social worker.",
            ),
            "brokerage-and-support": (
                "- insurance and the other duties of an employer\n",
                "- insurance and the other duties of an employer\n"
                "- cover when somebody who works for you is ill or away\n",
            ),
            "managing-change": (
                "- naming one person to coordinate care in every group this offer reaches\n",
                "- naming one person to coordinate care in the groups that do not have one yet\n",
            ),
        },
        moves=(
            Move(
                "2017/18",
                "s117",
                changes={"note": "For the package of support in the community, planned with the council"},
            ),
            Move("2017/18", "wheelchair", changes={"status_words": "Being prepared"}),
            Move("2018/19", "long-term-condition", changes={"status": "planned"}),
        ),
        reasons={
            "how-to-ask": "Parents told us in the consultation that they did not know whom to ask.",
            "brokerage-and-support": "People who employ somebody told us that this is what they worry about most.",
            "managing-change": "Most groups have somebody who coordinates their care now.",
            "2017/18/s117": "The two services agreed in December how to share the cost.",
            "2017/18/wheelchair": "The national programme was put back, and we keep in step with it.",
            "2018/19/long-term-condition": "The numbers and the spending are known now, so a start can be planned.",
        },
        notes={
            "2017/18/s117": "The first budgets will be agreed in the summer.",
            "2017/18/wheelchair": "Everything else is ready: the contract, the prices and the letters.",
            "2016/17/ld-autism-child": "We look at each request by itself until the cost is known.",
        },
        learning=(
            "- People ask sooner when they hear of a budget **from somebody who has one**.\n"
            "- A plan takes about six weeks; most of that is waiting for a price.\n"
            "- Whoever employs somebody needs help in the first three months above all."
        ),
    ),
    Update(
        code="11X",
        figures_as_at=dt.date(2018, 3, 31),
        approved_on=dt.date(2018, 5, 17),
        texts={
            "who-can-have-one": (
                "so that it is ready when they wish for it. Where nothing was arranged before, a fast track budget may "
                "be had in the last 12 weeks.",
                "so that it is ready when they wish for it. The hospice and the community nurses are trained for it. "
                "Where nothing was arranged before, a fast track budget may be had in the last 12 weeks.",
            ),
            "managing-change": (
                "Each group of people in the timeline has a lead of its own.",
                "Each group of people in the timeline has a lead of its own, who reports every quarter.",
            ),
        },
        moves=(
            Move("Phase 1", "end-of-life", changes={"status_words": "Being tried"}),
            Move(
                "Phase 2",
                "mental-health",
                changes={"note": "Young people from 15 to 25, for example with depression"},
            ),
        ),
        reasons={
            "who-can-have-one": "People asked who would help them towards the end of life.",
            "managing-change": "The steering group asked to hear of each group more often.",
            "Phase 1/end-of-life": "The hospice and the community nurses were trained by the summer.",
            "Phase 2/mental-health": "So that it is the same young people as in the group above it.",
        },
        notes={
            "Phase 1/ld-autism-adult": "Four people have moved out of hospital; the others wait for a place to live.",
            "Phase 1/long-term-condition": "The pilot goes on with two general practices.",
        },
        learning=(
            "- Small steps worked: each group was tried with a handful of people first.\n"
            "- Staff who had sat in on **one** planning conversation offered budgets; others did not."
        ),
    ),
)


def write_update(update: Update, *, edition: Edition, by: User) -> Edition:
    """Write what a draft changes, put it to the public where that belongs to it, and give the reasons."""
    offer = edition.local_offer
    for kind, (was, now) in update.texts.items():
        _rewrite(offer, kind, was, now, by)
    _move(offer, update.moves, by)
    if update.consultation:
        opened_on, closed_on = update.consultation
        consult_on(edition=edition, by=by, opened_on=opened_on, closed_on=closed_on)
        edition.refresh_from_db()
    _explain(update, edition, by)
    if not edition.learning:
        edition = write_learning(edition=edition, learning=update.learning, seen="", by=by)
    return edition


def _rewrite(offer: LocalOffer, kind: str, was: str, now: str, by: User) -> None:
    section = OfferSection.objects.get(local_offer=offer, kind=kind)
    body = section.body.replace(was, now, 1) if now not in section.body else section.body
    save_section(section=section, heading=section.heading, body=body, expected_version=section.version, by=by)


def _move(offer: LocalOffer, moves: tuple[Move, ...], by: User) -> None:
    offer.refresh_from_db()
    phases = details_of(offer)
    for move in moves:
        phases = _moved(phases, move)
    save_timeline(offer=offer, phases=phases, expected_version=offer.timeline_version, by=by)


def _moved(phases: list[PhaseDetails], move: Move) -> list[PhaseDetails]:
    """The phases with one line changed, and in the phase it belongs to; as they are where there is no such line."""
    found = next(
        (line for each in phases if each.name == move.phase for line in each.lines if line.cohort == move.cohort), None
    )
    if found is None:
        return phases
    changed: LineDetails = replace(found, **move.changes)  # type: ignore[arg-type]
    if not move.to_phase:
        return [
            replace(each, lines=tuple(changed if line == found else line for line in each.lines)) for each in phases
        ]
    left = [replace(each, lines=tuple(line for line in each.lines if line != found)) for each in phases]
    return [replace(each, lines=(changed, *each.lines)) if each.name == move.to_phase else each for each in left]


def _explain(update: Update, edition: Edition, by: User) -> None:
    since = changes_of(edition)
    if since is None:
        return
    for change in since.unexplained:
        kind, key = name_of(change)
        explain(
            edition=edition,
            kind=kind,
            key=key,
            words=update.reasons.get(key, OTHER_REASON),
            fingerprint=change.change.fingerprint,
            expected_version=change.explanation.version if change.explanation else 0,
            by=by,
        )
    for promise in since.progress:
        kind, key = name_of(promise)
        if key in update.notes and promise.explanation is None:
            explain(
                edition=edition, kind=kind, key=key, words=update.notes[key], fingerprint="", expected_version=0, by=by
            )
