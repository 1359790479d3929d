"""A whole edition as publication freezes it, for what is made from a snapshot alone."""

from typing import Any

TITLE = "Personal health budgets in Łódź & Leicester"


def line(cohort: str, status: str, starts_on: str | None, **more: Any) -> dict[str, Any]:
    """A line of the timeline."""
    return {
        "cohort": cohort,
        "cohort_name": f"Adults of {cohort}",
        "status": status,
        "status_label": status.capitalize(),
        "note": "",
        "source": "",
        "starts_on": starts_on,
        "ends_on": None,
        "change": "",
        "was": "",
        **more,
    }


def phase(name: str, starts_on: str | None, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A phase of the timeline."""
    return {
        "name": name,
        "starts_on": starts_on,
        "ends_on": None,
        "timing": "",
        "continues": [],
        "lines": list(lines),
        **more,
    }


def figure(code: str, text: str, number: str | None, definition: str) -> dict[str, Any]:
    """A figure."""
    return {
        "code": code,
        "label": code.replace("_", " ").capitalize(),
        "text": text,
        "number": number,
        "definition": definition,
        "as_at": "2017-02-07",
    }


def full_snapshot(**changes: Any) -> dict[str, Any]:
    """An edition with a text of every form, easy read, phases, figures, changes, progress and a consultation."""
    introduction = (
        "We have **{{ figure.in_place }}** budgets for {{ figure.population }} people.\n\n### Why\n\n- one\n- two\n\n"
        "| Who | Share |\n|---|---|\n| Adults | {{ figure.uptake }} |\n| Children | {{ figure.children }} |\n\n"
        "[Read more](https://example.org/more)."
    )
    return {
        "format": 2,
        "local_offer": {
            "slug": "testshire",
            "title": "Budgets in Testshire",
            "commissioner_code": "TEST",
            "commissioner_name": "Testshire",
        },
        "edition": {
            "number": 2,
            "title": TITLE,
            "figures_as_at": "2017-02-07",
            "approved_on": "2017-03-01",
            "published_on": "2017-03-20",
        },
        "sections": [
            {
                "kind": "introduction",
                "heading": "Introduction",
                "body": introduction,
                "easy_read": [
                    {"picture": "money", "words": "A budget is money for your care."},
                    {"picture": "", "words": "You choose how to use it."},
                ],
            },
            {"kind": "timeline", "heading": "Timeline", "body": "Year by year.", "easy_read": []},
            {"kind": "funding", "heading": "Funding", "body": "No new money.", "easy_read": []},
        ],
        "timeline": [
            phase(
                "2015/16",
                "2015-04-01",
                line("the first year", "live", "2015-04-01", note="Everybody", source="Paragraph 17"),
                line("the past", "live", "2015-04-01", ends_on="2016-04-01"),
            ),
            phase(
                "2016/17",
                "2016-04-01",
                line("the second year", "live", "2016-04-01", change="new"),
                line("the summer", "live", "2017-06-01", change="changed", was="Planned from 1 May 2017"),
                line("the plan", "planned", "2018-04-01"),
                timing="one year later",
                continues=["Adults of the first year"],
            ),
            phase("Later", None, line("an idea", "proposed", None), line("a study", "scoping", None)),
        ],
        "figures": [
            figure("in_place", "1,122", "1122", "Started and not ended on that day"),
            figure("population", "1,011,000", "1011000", "People registered with a practice"),
            figure("uptake", "13.8%", "13.8", "Budgets of those eligible"),
            figure("children", "*", None, "Hidden, as it is from 1 to 4"),
        ],
        "since": {
            "number": 1,
            "published_on": "2016-03-01",
            "changes": [
                {
                    "kind": "figure",
                    "key": "in_place",
                    "title": "In place",
                    "was": "1,057",
                    "now": "1,122",
                    "rationale": "More people asked.",
                }
            ],
            "progress": [
                {
                    "phase": "2016/17",
                    "cohort": "Adults of the second year",
                    "promised": "Planned from 1 April 2016",
                    "reached": "Live from 1 April 2016",
                    "note": "On time.",
                    "standing": "kept",
                }
            ],
            "learning": "Ask **early**.",
        },
        "consultation": {
            "opened_on": "2017-01-09",
            "closed_on": "2017-02-03",
            "comments": 1234,
            "answers": [{"section": "Funding", "comment": "Say more about money.", "answer": "We did."}],
        },
        **changes,
    }
