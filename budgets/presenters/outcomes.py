"""How outcome scales, answers and what changed are said."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.models import OutcomeRating, OutcomeScale
from budgets.rules.outcome_scales import Change, Direction
from budgets.selectors.outcomes import Answered, ScaleTable
from phb_register.models import Commissioner
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params

NOT_SAID = "Prefers not to say"
CHANGE_TAGS = {
    Change.BETTER: ("Better", "nhsuk-tag--green"),
    Change.SAME: ("The same", "nhsuk-tag--grey"),
    Change.WORSE: ("Worse", "nhsuk-tag--orange"),
}


def scale_url(scale: OutcomeScale, page: str = "outcome-scale") -> str:
    """The page of one version of a scale."""
    return reverse(f"budgets:{page}", args=[scale.commissioner.code, scale.reference])


def scales_url(commissioner: Commissioner) -> str:
    """The scales of a commissioner or partnership."""
    return reverse("budgets:outcome-scales", args=[commissioner.code])


def asked_words(scale: OutcomeScale) -> str:
    """When it is asked."""
    start = f"From {spoken_date(scale.active_from)}"
    return f"{start} until the day before {spoken_date(scale.active_until)}" if scale.active_until else start


SCALE_COLUMNS: list[Column[OutcomeScale]] = [
    Column("Scale", lambda scale: f"{scale.name}, version {scale.number}", link=scale_url),
    Column("Asked of", lambda scale: scale.get_asked_of_display()),
    Column("Levels", lambda scale: len(scale.levels), is_number=True),
    Column("Asked", asked_words),
]


def scales_table(scales: Iterable[OutcomeScale]) -> dict[str, Any]:
    """The scales of a commissioner or partnership."""
    return table_params(SCALE_COLUMNS, scales, caption="Outcome scales", is_responsive=True)


def scale_rows(scale: OutcomeScale, *, is_used: bool) -> list[dict[str, Any]]:
    """What a version says."""
    best = "last" if scale.direction == Direction.LAST_IS_BEST else "first"
    rows: list[tuple[str, Any]] = [
        ("Question", scale.question),
        ("Asked of", scale.get_asked_of_display()),
        ("Levels", f"{' · '.join(scale.levels)} (the {best} is the best)"),
        ("Asked", asked_words(scale)),
        ("Taken from", f"{scale.instrument}, licence {scale.licence_number}" if scale.instrument else "Own words"),
        ("Written by", scale.written_by),
        ("Answered on", "Yes: its words are fixed" if is_used else "Not yet: its words can still be changed"),
    ]
    return summary(rows)


def level_words(rating: OutcomeRating | None) -> str:
    """What was answered; nothing where the question was left out."""
    if rating is None:
        return "Not asked or not answered"
    return rating.scale.level_words(rating.level) or NOT_SAID


def change_tag(change: Change | None) -> SafeString | str:
    """What changed, as a tag."""
    if change is None:
        return "Cannot be compared"
    text, classes = CHANGE_TAGS[change]
    return render_component("tag", {"text": text, "classes": classes})


ANSWER_COLUMNS: list[Column[Answered]] = [
    Column("Question", lambda each: f"{each.scale.get_asked_of_display()}: {each.scale.question}"),
    Column("Before", lambda each: level_words(each.before)),
    Column("At the latest review", lambda each: level_words(each.now)),
    Column("Change", lambda each: change_tag(each.change)),
]


def answers_table(answered: Iterable[Answered]) -> dict[str, Any]:
    """Before and now, for one budget."""
    caption = "Outcomes, before and now"
    return table_params(
        ANSWER_COLUMNS, answered, caption=caption, caption_classes="nhsuk-u-visually-hidden", is_responsive=True
    )


def rating_rows(ratings: Iterable[OutcomeRating]) -> list[dict[str, Any]]:
    """What was answered at one review."""
    return summary(
        (f"{rating.scale.get_asked_of_display()}: {rating.scale.question}", level_words(rating)) for rating in ratings
    )


def changes_tables(tables: Iterable[ScaleTable]) -> list[dict[str, Any]]:
    """Of each scale a table by cohort, as it may be shown."""
    return [_changes_table(table) for table in tables]


def _changes_table(table: ScaleTable) -> dict[str, Any]:
    columns = [*(change.value for change in Change), "total"]
    head = ["Cohort", *({"text": word, "format": "numeric"} for word in ("Better", "The same", "Worse", "All"))]
    names = [(cohort.code, cohort.name) for cohort in table.cohorts] + [("total", "All cohorts")]
    rows = [
        [name, *({"text": table.cells[code, column].text, "format": "numeric"} for column in columns)]
        for code, name in names
    ]
    scale = table.scale
    asked = scale.get_asked_of_display()
    return {"caption": f"{asked}: {scale.question} (version {scale.number})", "head": head, "rows": rows}
