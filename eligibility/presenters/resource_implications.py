"""How resource implications are said: the summary, the table by commissioner and cohort, the list of people."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from eligibility.models import ResourceImplications, ResourceImplicationsPerson, RuleSetVersion
from eligibility.rules import FACTS, Outcome
from eligibility.rules.implications_result import COSTED, TOTAL, Average, Cost, Released, RestsOn, Row
from eligibility.rules.resource_implications import IN, Change
from phb_register.disclosure import STAR, Controlled
from phb_register.presenters import JOB_TAGS, counted, spoken_date, spoken_moment
from phb_register.tables import Column, table_params

FORMULA = (
    "The estimated cost is the number of people times the average annual amount of the budgets in place for their "
    "cohort on the as-at date (today, where that date is still to come); one-off budgets are left out. Of those who "
    "would come in, nobody who has a budget of the cohort already is costed; of those who would fall out, only those "
    "who have one, because nobody else changes what is spent. It is what a whole year would cost if everybody who "
    "comes in took a budget and everybody who falls out gave theirs up. Nothing ends by itself."
)
RANGE = (
    "The range is that of the average: 1.96 standard errors to either side, from 30 budgets on. How many people take "
    "a budget up, and how much dearer or cheaper than the average theirs are, is not in it."
)
RESTS_ON_WORDS = {
    RestsOn.COMMISSIONER: "of the commissioner’s own in this cohort",
    RestsOn.ALL_COMMISSIONERS: "of all these commissioners in this cohort, for want of enough of its own",
    RestsOn.ALL_COHORTS: "of all cohorts, for want of enough in this one",
}


def pounds(amount: Decimal) -> str:
    """An estimate to the pound: more would claim more than is known. ``£1,200``, ``–£1,200``."""
    whole = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"–£{-whole:,}" if whole < 0 else f"£{whole:,}"


def cost_words(cost: Cost | None) -> str:
    """A cost with its range where there is one; a star where it is hidden."""
    if cost is None:
        return STAR
    if not cost.mean or cost.low is None or cost.high is None:
        return pounds(cost.mean)
    return f"{pounds(cost.mean)} ({pounds(cost.low)} to {pounds(cost.high)})"


def runs_table(runs: Sequence[ResourceImplications]) -> dict[str, Any]:
    """What was asked of a version so far."""
    columns: list[Column[ResourceImplications]] = [
        Column("Asked", lambda run: spoken_date(run.asked_on), link=result_url),
        Column("By", lambda run: run.asked_by.full_name),
        Column("People of", lambda run: run.commissioner.name),
        Column("As at", lambda run: spoken_date(run.as_at)),
        Column("Referrals received", period_words),
        Column("State", lambda run: "Worked out" if run.is_finished else run.job.get_state_display()),
    ]
    return table_params(columns, runs, caption="Resource implications asked for", is_responsive=True)


def result_url(run: ResourceImplications) -> str:
    """Where a result is shown."""
    return reverse("eligibility:resource-implications-result", args=[run.reference])


def job_url(run: ResourceImplications) -> str:
    """Where whoever asked sees how far it is."""
    return reverse("phb_register:job", args=[run.job.reference])


def period_words(run: ResourceImplications) -> str:
    """The period of the referrals."""
    return f"{spoken_date(run.period_from)} to {spoken_date(run.period_to)}"


def breadcrumbs(version: RuleSetVersion) -> list[dict[str, str]]:
    """To the version and everything asked of it."""
    arguments = [version.rule_set.code, version.number]
    return [
        {"text": "Rule sets", "href": reverse("eligibility:rule-sets")},
        {
            "text": f"{version.rule_set.title}, version {version.number}",
            "href": reverse("eligibility:rule-set-version", args=arguments),
        },
        {"text": "Resource implications", "href": reverse("eligibility:resource-implications", args=arguments)},
    ]


def waiting(run: ResourceImplications, is_own: bool) -> dict[str, Any]:
    """What is said while a result is not there yet; the job's own page is for whoever asked."""
    return {
        "state": run.job.get_state_display(),
        "tag": JOB_TAGS[run.job.state],
        "error": run.job.error,
        "job_url": job_url(run) if is_own else "",
    }


def heading(run: ResourceImplications) -> str:
    """Which version, on which day."""
    return f"{run.version}, as at {spoken_date(run.as_at)}"


def result_page(released: Released, run: ResourceImplications) -> dict[str, Any]:
    """All that the page of a result shows."""
    return {
        "summary": summary_words(released, run),
        "counted": counted_words(released, run),
        "warnings": gives_warnings(released),
        "control": released.profile.explanation if released.profile else "",
        "changes": changes_table(released, run) if released.result.rows else None,
        "costs": costs_table(released),
        "is_uncosted": released.uncosted,
        "missing": missing_table(released),
        "facts": facts_of_run(run),
        "formula": FORMULA,
        "range": RANGE,
        "people_url": reverse("eligibility:resource-implications-people", args=[run.reference])
        if released.profile is None and released.result.rows
        else "",
    }


def facts_of_run(run: ResourceImplications) -> list[dict[str, Any]]:
    """What the result rests on, as a summary list."""
    facts = [FACTS[code].label for code in run.facts_used or [] if code in FACTS]
    rows = [
        ("People of", run.commissioner.name),
        ("As at", spoken_date(run.as_at)),
        ("Referrals received", period_words(run)),
        ("Revision of the version", str(run.revision)),
        ("Facts used", ", ".join(facts) or "None but the age"),
        (
            "Worked out",
            f"{spoken_moment(run.finished_at)}, asked by {run.asked_by.full_name}" if run.finished_at else "",
        ),
    ]
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in rows]


def summary_words(released: Released, run: ResourceImplications) -> str:
    """The result in a sentence or two."""
    comes_in, falls_out = (_people(released.cell(TOTAL, change)) for change in COSTED)
    words = f"As at {spoken_date(run.as_at)}, {comes_in} would newly come in and {falls_out} would fall out."
    net = released.net_cost
    if net is None:
        return f"{words} The cost is not shown, because hidden numbers could be worked out from it."
    direction = "less" if net.mean < 0 else "more"
    estimate = pounds(abs(net.mean))
    return f"{words} That is estimated to cost {estimate} a year {direction} than now." if net.mean else words


def _people(cell: Controlled) -> str:
    if isinstance(cell.value, int):
        return counted(cell.value, "person", "people")
    return f"a small or protected number of people ({STAR})"


def counted_words(released: Released, run: ResourceImplications) -> list[str]:
    """Who was counted, and who could not be."""
    cells = released.cells
    return [
        f"{cells['people'].text} people on the register count for {run.commissioner.name} on that day, "
        f"{cells['referred'].text} of them referred in the period.",
        f"{cells['nothing_known'].text} of them had not been screened by then: nothing is known of them, and they are "
        "in no column below.",
        f"For {cells['unchanged'].text} nothing changes.",
    ]


def gives_warnings(released: Released) -> list[str]:
    """Where the version gives nobody anything on that day, and why."""
    return [
        f"For the people of {name} the version gives nothing on that day (“{Outcome(gives).words}”), because the local "
        "offer has no line for this cohort that has begun by then. Choose a later as-at date, or change the timeline."
        for name, gives in released.result.gives.items()
        if Outcome(gives).strength < IN
    ]


def changes_table(released: Released, run: ResourceImplications) -> dict[str, Any]:
    """People by commissioner, cohort and change; numbers lead to the people for those who may see them."""
    columns: list[Column[Row | None]] = [
        Column("Commissioner", lambda row: row.commissioner_name if row else "All"),
        Column("Cohort", lambda row: row.cohort_name if row else ""),
        *(_change_column(change, released, run) for change in Change),
    ]
    return table_params(columns, [*released.result.rows, None], caption="People by commissioner, cohort and change")


def _change_column(change: Change, released: Released, run: ResourceImplications) -> Column[Row | None]:
    def link(row: Row | None) -> str | None:
        cell = released.cell(row.key if row else TOTAL, change)
        if released.profile is not None or not cell.value:
            return None
        filters = {"change": change.value}
        if row is not None:
            filters |= {"cohort": row.cohort_code, "commissioner": row.commissioner_code}
        return f"{reverse('eligibility:resource-implications-people', args=[run.reference])}?{urlencode(filters)}"

    def text(row: Row | None) -> str:
        key = row.key if row else TOTAL
        people, referred = released.cell(key, change), released.referred(key, change)
        if people.value == 0:
            return "0"
        return f"{people.text} ({referred.text} referred)"

    return Column(change.words, text, is_number=True, link=link)


def costs_table(released: Released) -> dict[str, Any] | None:
    """The estimated annual cost by commissioner and cohort; None where nobody would come in or fall out."""
    rows = [row for row in released.result.rows if any(row.people[change] for change in COSTED)]
    if not rows:
        return None
    columns: list[Column[Row | None]] = [
        Column("Commissioner", lambda row: row.commissioner_name if row else "All"),
        Column("Cohort", lambda row: row.cohort_name if row else ""),
        Column("Average budget a year", lambda row: average_words(row.average) if row else ""),
        *(_cost_column(change, released) for change in COSTED),
    ]
    return table_params(columns, [*rows, None], caption="More or less spent in a year, by commissioner and cohort")


def _cost_column(change: Change, released: Released) -> Column[Row | None]:
    def text(row: Row | None) -> str:
        if row is None:
            return cost_words(released.total_costs[change])
        if (row.key, change) in released.hidden_costs:
            return STAR
        cost = released.costs.get((row.key, change))
        return cost_words(cost) if cost is not None else "Not estimated"

    labels = {Change.COMES_IN: "For those who come in", Change.FALLS_OUT: "For those who fall out"}
    return Column(labels[change], text, is_number=True)


def average_words(average: Average | None) -> str:
    """An average with what it rests on."""
    if average is None:
        return "Not known: too few budgets in place"
    bounds = f" ({pounds(average.low)} to {pounds(average.high)})" if average.low and average.high else ""
    budgets = counted(average.budgets, "budget", "budgets")
    return f"{pounds(average.mean)}{bounds}, from {budgets} {RESTS_ON_WORDS[average.rests_on]}"


def missing_table(released: Released) -> dict[str, Any] | None:
    """The facts that those not settled lack; None where everybody is settled."""
    if not released.result.missing:
        return None
    columns: list[Column[str]] = [
        Column("Fact not known", lambda code: FACTS[code].label if code in FACTS else code),
        Column("People for whom it may decide", lambda code: released.missing(code).text, is_number=True),
    ]
    codes = sorted(released.result.missing, key=lambda code: (-released.result.missing[code], code))
    if released.profile is not None:
        # The order would tell which of two hidden numbers is the larger.
        codes = sorted(codes)
    return table_params(columns, codes, caption="What is not known of those not settled")


def missing_words(each: ResourceImplicationsPerson) -> str:
    """The facts on which a change hangs."""
    return ", ".join(FACTS[code].label if code in FACTS else code for code in each.missing)


PEOPLE_COLUMNS: list[Column[ResourceImplicationsPerson]] = [
    Column(
        "Person",
        lambda each: each.person.display_name,
        link=lambda each: reverse("phb_register:person", args=[each.person.reference]),
    ),
    Column("NHS number", lambda each: each.person.display_nhs_number, file_value=lambda each: each.person.nhs_number),
    Column("Commissioner", lambda each: each.commissioner.name),
    Column("Cohort", lambda each: each.cohort.name),
    Column("Change", lambda each: each.get_change_display()),
    Column("Now", lambda each: Outcome(each.from_outcome).words),
    Column("Then", lambda each: Outcome(each.to_outcome).words),
    Column("Depends on", missing_words),
    Column("Referred in the period", lambda each: "Yes" if each.was_referred else "No"),
    Column("Has a budget of the cohort", lambda each: "Yes" if each.has_budget else "No"),
    Column(
        "Estimated change a year",
        lambda each: pounds(each.estimated_annual_amount) if each.estimated_annual_amount is not None else "–",
        is_number=True,
        file_value=lambda each: each.estimated_annual_amount,
    ),
]


def people_table(rows: Iterable[ResourceImplicationsPerson], counted_rows: Sequence[Row]) -> dict[str, Any]:
    """A page of the list; a commissioner or cohort that everybody shares stands in no column."""
    shared = set()
    if len({row.commissioner_code for row in counted_rows}) == 1:
        shared.add("Commissioner")
    if len({row.cohort_code for row in counted_rows}) == 1:
        shared.add("Cohort")
    columns = [column for column in PEOPLE_COLUMNS if column.label not in shared]
    return table_params(columns, rows, caption="In the order of names", is_responsive=True)


def file_words(run: ResourceImplications, filters: dict[str, str]) -> list[tuple[str, str]]:
    """What stands above a file of people: what it is, of whom, when, by which filters."""
    chosen = "; ".join(f"{name}: {value}" for name, value in filters.items() if value) or "None"
    return [
        ("Of", str(run.version)),
        ("People of", f"{run.commissioner.name} ({run.commissioner.code})"),
        ("As at", spoken_date(run.as_at)),
        ("Referrals received", period_words(run)),
        ("Filters", chosen),
        ("Cost", FORMULA),
    ]


def next_links(query: Any, after: int | None) -> dict[str, Any] | None:
    """Links to the first page and to the next one, the filters kept; ``query`` is what the address asks for."""
    if after is None and "after" not in query:
        return None
    kept = query.copy()
    kept.pop("after", None)
    links: dict[str, Any] = {}
    if "after" in query:
        links["previous"] = {"href": f"?{kept.urlencode()}", "text": "First page"}
    if after is not None:
        kept["after"] = str(after)
        links["next"] = {"href": f"?{kept.urlencode()}", "text": "Next page"}
    return links
