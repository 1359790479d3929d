"""Uptake against target: how many, how that stands, by whom and how."""

from budgets.enums import Method
from phb_register.presenters import spoken_date
from reporting import board_packs as words
from reporting import measures as m
from reporting.board_packs import Block
from reporting.release import Release
from reporting.rules import Course, course
from reporting.selectors.pack_content.sources import Sources

FIGURES = (
    m.PHBS_IN_PLACE, m.PHBS_AGREED, m.PEOPLE_IN_PLACE, m.PEOPLE_YEAR_TO_DATE, m.RATE_PER_1000, m.TARGET_LOW,
    m.TARGET_HIGH, m.GAP_TO_LOW, m.CHC_UPTAKE_INCLUDING_FAST_TRACK, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK,
)  # fmt: skip
METHODS: dict[str, str] = {**dict(Method.choices), m.NOT_RECORDED: "No method recorded that day"}


def uptake_blocks(sources: Sources) -> list[Block]:
    """The figures of the dashboard, the line of what was in place, and the tables by cohort, method and age."""
    shown = sources.release
    figures = shown.figures
    blocks = [
        words.text(course_words(shown)),
        words.figures((each.label, shown.cell(each.code).text, each.definition) for each in FIGURES),
    ]
    if shown.points:
        blocks.append(words.chart(sources.commissioner.name, shown.points, figures.target_low, figures.target_high))
    return [*blocks, _by_cohort(sources), _by_method(shown), words.text(source_words(shown))]


def course_words(shown: Release) -> str:
    """How uptake stands against the target, in a sentence. Not known where the number in place is hidden."""
    in_place = shown.cell(m.PHBS_IN_PLACE.code).value
    low, high = shown.figures.target_low, shown.figures.target_high
    found = course(int(in_place), low, high) if in_place is not None else Course.NOT_KNOWN
    if found == Course.NOT_KNOWN:
        return "How uptake stands against the target is not known."
    return f"Uptake is {found.value}: {in_place:,} in place, with a target of {low:,} to {high:,}."


def source_words(shown: Release) -> str:
    """Where the numbers come from that uptake is measured against."""
    figures = shown.figures
    population, eligible = figures.population, figures.chc_eligible
    parts = [f"Target: {figures.target.source}."]
    if population.counted_on:
        parts.append(
            f"Population: {population.basis}, counted on {spoken_date(population.counted_on)}. {population.source}."
        )
    else:
        parts.append(f"The population is not known. {population.remedy}")
    if eligible.counted_on:
        parts.append(f"People eligible for CHC: counted on {spoken_date(eligible.counted_on)}. {eligible.source}.")
    else:
        parts.append(f"How many people are eligible for CHC is not known. {eligible.remedy}")
    return " ".join(parts)


def _by_cohort(sources: Sources) -> Block:
    shown = sources.release
    rows = [
        (cohort.name, shown.by_cohort[cohort.code].text) for cohort in sources.cohorts if cohort.code in shown.by_cohort
    ]
    rows.append(("All", shown.cell(m.PHBS_IN_PLACE.code).text))
    return words.table(m.BY_COHORT.label, ("Cohort", "Personal health budgets"), rows, numeric=[1])


def _by_method(shown: Release) -> Block:
    rows = [(METHODS[code], cell.text) for code, cell in shown.by_method.items()]
    rows.append(("All", shown.cell(m.PEOPLE_IN_PLACE.code).text))
    return words.table(m.BY_METHOD.label, ("Method", "People"), rows, numeric=[1])
