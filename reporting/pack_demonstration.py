"""The demonstration's board packs: one made for a meeting to come, with its e-mails in the outbox, and one planned."""

import datetime as dt
from collections.abc import Callable

from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.rules import months_after
from reporting.board_pack_states import PackPart
from reporting.models import BoardPack
from reporting.presenters.board_packs import write_pdf
from reporting.services.board_packs import make, plan, save_decision

MEETING = "Governing body"
INTRODUCTION = (
    "This pack says how the personal health budgets programme of Leicester, Leicestershire and Rutland is getting on.\n"
    "\n"
    "- Read **uptake against target** first: it says whether the programme is on course.\n"
    "- **Decisions wanted** come last, each with what the team recommends.\n"
)
DECISIONS = (
    (
        "Open the next line of the local offer’s timeline",
        "Agree that the line opens on its planned day.",
        "The criteria are written, and the people who would ask for a budget under it were asked what they need.",
    ),
    (
        "Carry the cap of the first phase forward",
        "Keep it for another quarter, then look at it again with three more months of figures.",
        "Reviews are done on time today. More budgets at once would put that at risk.",
    ),
)


def load(progress: Callable[[int, int], None]) -> None:
    """Plan both packs and make the first, unless there are packs already."""
    commissioner = Commissioner.objects.get(code="LLR")
    if not BoardPack.objects.filter(commissioner=commissioner).exists():
        author = User.objects.get(email="team@llr.example.nhs.uk")
        today = clock.today()
        last_month = today.replace(day=1) - dt.timedelta(days=1)
        pack = plan(
            commissioner=commissioner,
            by=author,
            meeting=MEETING,
            meets_on=today + dt.timedelta(days=9),
            as_at=last_month,
            make_on=today,
            parts=PackPart.values,
            introduction=INTRODUCTION,
        )
        for question, recommendation, why in DECISIONS:
            save_decision(pack=pack, by=author, question=question, recommendation=recommendation, why=why)
        make(pack=pack, write_pdf=write_pdf)
        later = months_after(today, 3)
        plan(
            commissioner=commissioner,
            by=author,
            meeting=MEETING,
            meets_on=later + dt.timedelta(days=9),
            as_at=later - dt.timedelta(days=1),
            make_on=later,
            parts=PackPart.values,
        )
    progress(1, 1)
