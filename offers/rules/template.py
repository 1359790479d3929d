"""The template every local offer is written from: what belongs in each section, and words to start from."""

from collections.abc import Sequence
from dataclasses import dataclass

from offers.enums import SectionKind

#: A table to fill in. Its first row is its headings.
TABLE = "| First heading | Second heading |\n| --- | --- |\n| First row | |\n| Second row | |"


@dataclass(frozen=True)
class SectionTemplate:
    """What to write in a section, point by point, and a skeleton of it in Markdown."""

    points: tuple[str, ...]
    starter: str


TEMPLATE: dict[SectionKind, SectionTemplate] = {
    SectionKind.INTRODUCTION: SectionTemplate(
        (
            "What a personal health budget is, in two or three sentences",
            "Whose local offer this is, and the area it is for",
            "How many budgets there are now, and how many you aim for by when, with figures from the list",
        ),
        "A personal health budget is …\n\nThis is the local offer of …\n\n### Where we are now\n\n"
        "On the day our figures were counted there were {{ figure.phbs_in_place }} personal health budgets in place.",
    ),
    SectionKind.WHO: SectionTemplate(
        (
            "Who has a right to one",
            "Who can ask for one, and what decides",
            "Who cannot have one yet, and what is being done about it",
        ),
        "### People who have a right to one\n\n- **Adults with NHS continuing healthcare.** …\n"
        "- **Children and young people with continuing care.** …\n\n### People who can ask for one\n\n- …\n\n"
        "### People we are still thinking about\n\n- …",
    ),
    SectionKind.TIMELINE: SectionTemplate(
        (
            "How you go forward, year by year or in phases",
            "What live, planned, being scoped and proposed mean. The timeline itself follows by itself",
        ),
        "We open personal health budgets to more people in steps. *Live* means you can have one now. *Planned* means "
        "we have said when. *Being scoped* means we are finding out who would benefit. *Proposed* means it is not "
        "decided.",
    ),
    SectionKind.BROKERAGE: SectionTemplate(
        (
            "Who helps to plan the care, find and employ people, and run the payroll",
            "What that costs the holder of a budget: say so if it is nothing",
            "How holders of budgets meet each other",
        ),
        "You do not have to manage a budget alone. You can have help with:\n\n- …\n- …\n\n### Meet others\n\n…",
    ),
    SectionKind.FUNDING: SectionTemplate(
        (
            "Where the money comes from, and what it cannot be taken from yet",
            "What is paid together with the council or a school",
            "What a budget can and cannot be spent on",
        ),
        "A budget uses what the NHS would have spent on your care.\n\n### Paid together with others\n\n…",
    ),
    SectionKind.CHANGE: SectionTemplate(
        (
            "Who is responsible for the offer, and which group looks after it",
            "What has to change in services, contracts and training",
            "When the offer is reviewed, and how people can say what they think of it",
        ),
        "…\n\n### When we look at this offer again\n\nWe publish it again each year.",
    ),
    SectionKind.EQUALITY: SectionTemplate(
        (
            "That need alone decides, whatever somebody’s protected characteristics",
            "How you find out whether some groups are being missed",
            "How people can have information in the way they need it",
        ),
        "Whether you can have a personal health budget depends on your health needs alone.",
    ),
    SectionKind.HOW_TO_ASK: SectionTemplate(
        (
            "Whom to ask first",
            "What happens then, step by step, and how long it takes",
            "What to do if the answer is no",
        ),
        "Ask the person who plans your care.\n\n1. …\n2. You get the answer with its reasons in writing.\n"
        "3. If the answer is no, you can ask us to look again.",
    ),
    SectionKind.CONTACTS: SectionTemplate(
        (
            "Whom to turn to for what, by role: people change, roles stay",
            "A telephone number, an address to write to and a way for people who cannot use either",
        ),
        "| Role | What for | How to reach them |\n| --- | --- | --- |\n"
        "| Personal health budgets team | Asking for a budget | |\n"
        "| Personal health budgets lead | This local offer | |\n"
        "| Complaints | If something went wrong | |",
    ),
}


def with_inserted(body: str, kind: str, what: str, known: Sequence[str]) -> str:
    """The text with something more at its end: `table`, `template` (the section's skeleton), or a figure's code.

    What there is nothing of changes nothing. `known` are the codes of the figures that are provided.
    """
    if what == "table":
        piece = TABLE
    elif what == "template":
        piece = TEMPLATE[SectionKind(kind)].starter
    elif what in known:
        return f"{body}{'' if not body or body[-1].isspace() else ' '}{slot(what)}"
    else:
        return body
    return f"{body.rstrip()}\n\n{piece}\n" if body.strip() else f"{piece}\n"


def slot(code: str) -> str:
    """What stands in a text for a figure."""
    return f"{{{{ figure.{code} }}}}"
