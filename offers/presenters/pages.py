"""What each page of this room is given."""

import datetime as dt
from typing import Any

from offers import policies
from offers.models import Edition, LocalOffer
from offers.presenters import editions as presenter
from offers.presenters import writing
from offers.presenters.changes import since_context
from offers.presenters.consultations import consultations_table
from offers.rules.editions import Verb
from offers.rules.reading import Reading, read
from offers.selectors import content, pages
from offers.selectors.consultations import consultations_of
from offers.selectors.drafts import drafts_on
from phb_register.roles import Permission


def preview(offer: LocalOffer, *, today: dt.date) -> dict[str, Any]:
    """The page of the edition as it would be published now."""
    snapshot, missing = content.preview_snapshot(offer, today=today)
    return {"offer": offer, "missing": missing, **reading_context(read(snapshot))}


def workshop(offer: LocalOffer, user: Any) -> dict[str, Any]:
    """The page of all that belongs to one offer."""
    may_write = policies.can(user, Permission.WRITE_OFFERS, offer)
    return {
        "offer": offer,
        "may_write": may_write,
        "may_start": may_write and pages.open_edition(offer) is None,
        "lock": policies.lock_on(offer),
        "sections": writing.sections_table(
            offer, pages.sections_of(offer), drafts_on(offer, user), may_write=may_write
        ),
        "phases": writing.phases_table(offer, content.phases_of(offer), may_write=may_write),
        "own_cohorts": writing.own_cohorts_table(offer, pages.own_cohorts(offer), may_write=may_write),
        "editions": presenter.editions_table(pages.editions_of(offer)),
    }


def progress(edition: Edition, user: Any) -> dict[str, Any]:
    """The page of where an edition stands, what happened to it, and what the user may do now."""
    running = pages.running_publication(edition)
    moves = [] if running else policies.possible_moves(user, edition)
    return {
        "offer": edition.local_offer,
        "edition": edition,
        "tag": presenter.status_tag(edition),
        "facts": presenter.progress_facts(edition),
        "buttons": presenter.buttons(edition, moves),
        "may_change": any(move.verb == Verb.SUBMIT for move in moves),
        "failed": pages.failed_publication(edition),
        "running": running,
        "job": running if running and running.requested_by_id == user.pk else None,
        "history": presenter.history_table(pages.transitions_of(edition)),
        "consultations": consultations_table(consultations_of(edition)),
    }


def reading_context(reading: Reading) -> dict[str, Any]:
    """What the text of an edition is drawn from, wherever it is shown."""
    return {
        "reading": reading,
        "timeline": presenter.timeline_table(reading.phases),
        "figures": presenter.figures_table(reading.figures),
        "since": since_context(reading.since),
    }
