"""What a board pack says, part by part, counted for everybody: always under disclosure control."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from phb_register.presenters import spoken_date
from reporting import board_packs as words
from reporting.board_pack_states import PackPart
from reporting.board_packs import Block
from reporting.models import BoardPack
from reporting.release import Release
from reporting.selectors.pack_content.equality import equality_blocks
from reporting.selectors.pack_content.money import money_blocks
from reporting.selectors.pack_content.offer import programme_blocks, progress_blocks, risk_blocks
from reporting.selectors.pack_content.sources import Sources
from reporting.selectors.pack_content.uptake import uptake_blocks

PARTS: dict[PackPart, Callable[[Sources], list[Block]]] = {
    PackPart.UPTAKE: uptake_blocks,
    PackPart.PROGRESS: progress_blocks,
    PackPart.RISKS: risk_blocks,
    PackPart.MONEY: money_blocks,
    PackPart.EQUALITY: equality_blocks,
    PackPart.PROGRAMME: programme_blocks,
}


def snapshot_of(pack: BoardPack, *, as_at: dt.date, made_on: dt.date) -> dict[str, Any]:
    """Everything a pack says with the figures of the end of `as_at`, in words: what is frozen when it is made."""
    sources = Sources(pack.commissioner, as_at)
    parts = [words.part(each, _blocks(each, pack, sources)) for each in pack.chosen_parts]
    return {
        "format": words.FORMAT,
        "commissioner": pack.commissioner.name,
        "meeting": pack.meeting,
        "meets_on": pack.meets_on.isoformat(),
        "as_at": as_at.isoformat(),
        "made_on": made_on.isoformat(),
        "control": control_words(sources.release),
        "introduction": pack.introduction,
        "parts": parts,
    }


def control_words(shown: Release) -> str:
    """Which numbers are hidden, and when the figures were fixed, if they were before this pack was made."""
    explained = shown.profile.explanation if shown.profile else ""
    if shown.known_at is None:
        return explained
    return f"{explained} Uptake is shown as it was known on {spoken_date(shown.known_at.date())}."


def _blocks(part: PackPart, pack: BoardPack, sources: Sources) -> list[Block]:
    return _decision_blocks(pack) if part == PackPart.DECISIONS else PARTS[part](sources)


def _decision_blocks(pack: BoardPack) -> list[Block]:
    decisions = list(pack.decisions.all())
    if not decisions:
        return [words.text("No decision is asked of this meeting.")]
    rows = [
        (str(number), each.question, each.recommendation, each.why) for number, each in enumerate(decisions, start=1)
    ]
    return [words.table("What the meeting is asked to decide", ("Number", "Decision", "Recommended", "Why"), rows)]
