"""Easy read lines as they are shown: beside each its picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.html import format_html

from offers.rules.pictures import PICTURES, PICTURES_BY_CODE, Picture
from offers.rules.readability import HIGHEST_GRADE, Readability, Sentence, measured
from offers.rules.reading import Reading
from phb_register.presenters import counted
from phb_register.tables import Column, table_params

#: The buttons below a line.
_ACTS = (("up", "Move up"), ("down", "Move down"), ("add", "Add below"), ("remove", "Remove"))


class Line(Protocol):
    """A line from the tables, a snapshot or a form."""

    @property
    def picture(self) -> str:
        """The code of its picture, or nothing."""

    @property
    def words(self) -> str:
        """What it says."""


@dataclass(frozen=True)
class ShownLine:
    """A line with its picture; None where it has none, or one that the set no longer has."""

    words: str
    picture: Picture | None


def shown(lines: Iterable[Line]) -> list[ShownLine]:
    """The lines to be shown, for `offers/includes/easy_read.html`."""
    return [ShownLine(line.words, PICTURES_BY_CODE.get(line.picture)) for line in lines]


def with_pictures(formset: Any) -> list[dict[str, Any]]:
    """The forms of the lines, each with the pictures to choose from; which one is chosen is marked."""
    return [_with_pictures(place, form) for place, form in enumerate(formset.forms, start=1)]


def verdict(measured: Readability | None) -> dict[str, Any] | None:
    """Whether a text may be called easy read: a tag, a sentence, and a table of the sentences to make easier."""
    if measured is None:
        return None
    hard = measured.too_hard
    return {
        "tag": grade_tag(measured),
        "sentence": (
            f"The reading grade of these {counted(measured.words, 'word', 'words')} is {_spoken(measured.grade)} "
            f"(Flesch-Kincaid). Easy read is {HIGHEST_GRADE} or below."
        ),
        "hard": _hard_table(hard) if hard else None,
    }


def grade_tag(measured: Readability) -> dict[str, str]:
    """The grade in a word and a colour."""
    if measured.is_easy:
        return {"text": f"Easy: grade {_spoken(measured.grade)}", "classes": "nhsuk-tag--green"}
    return {"text": f"Too hard: grade {_spoken(measured.grade)}", "classes": "nhsuk-tag--red"}


def _spoken(grade: Decimal) -> Decimal:
    # Very short sentences come out below nought, which is no grade of any school.
    return max(grade, Decimal(0))


def _hard_table(hard: Sequence[Sentence]) -> dict[str, Any]:
    columns: list[Column[Sentence]] = [
        Column("Sentence", lambda each: each.text),
        Column("Grade", lambda each: each.grade, is_number=True),
        Column("Long words", lambda each: ", ".join(each.long_words) or "None: make it shorter"),
    ]
    return table_params(columns, hard, caption="Sentences to make easier, the hardest first")


def _with_pictures(place: int, form: Any) -> dict[str, Any]:
    chosen = PICTURES_BY_CODE.get(str(form["picture"].value() or ""))
    return {
        "place": place,
        "form": form,
        "chosen": chosen,
        "pictures": [(picture, picture is chosen) for picture in PICTURES],
        "picture_name": form["picture"].html_name,
        "picture_errors": form["picture"].errors if form.is_bound else [],
        "acts": [_act(text, verb, place) for verb, text in _ACTS],
    }


def _act(text: str, verb: str, place: int) -> dict[str, Any]:
    return {
        "html": format_html('{}<span class="nhsuk-u-visually-hidden"> line {}</span>', text, place),
        "name": "act",
        "value": f"{verb}-{place}",
        "variant": "secondary",
        "classes": "nhsuk-button--small",
    }


def preview_sections(reading: Reading) -> dict[str, Any]:
    """Each section of a draft with its lines, which sections have none, and how hard the whole is."""
    written = [each for each in reading.sections if each.easy_read]
    return {
        "easy_sections": [{"heading": each.heading, "lines": shown(each.easy_read)} for each in written],
        "without": [each.heading for each in reading.sections if not each.easy_read],
        "verdict": verdict(measured(line.words for each in written for line in each.easy_read)),
    }
