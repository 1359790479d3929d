"""What the gallery of components shows: an example of each, with invented content."""

from dataclasses import dataclass, field
from typing import Any

from phb_register.nhsuk.components import render_component

_SUMMARY = {
    "rows": [
        {"key": {"text": "Name"}, "value": {"text": "Juniper Example"}},
        {
            "key": {"text": "NHS number"},
            "value": {"text": "999 000 0018"},
            "actions": {"items": [{"href": "#", "text": "Change", "visuallyHiddenText": "NHS number"}]},
        },
    ]
}
_TABLE = {
    "caption": "Personal health budgets in place, by cohort",
    "head": [
        "Cohort",
        {"text": "Adults", "format": "numeric"},
        {"text": "Children", "format": "numeric"},
        {"text": "Total", "format": "numeric"},
        {"text": "Of those eligible", "format": "numeric"},
    ],
    "rows": [
        ["NHS continuing healthcare", 117, 0, 117, "13.8%"],
        ["Children and young people’s continuing care", 0, 5, 5, "25.0%"],
    ],
    "firstCellIsHeader": True,
}


@dataclass(frozen=True)
class Example:
    """A component as the gallery shows it."""

    component: str
    params: dict[str, Any] = field(default_factory=dict)
    content: str | None = None

    @property
    def html(self) -> str:
        """The component, drawn."""
        return render_component(self.component, self.params, self.content)


def gallery_examples() -> list[Example]:
    """One example of each component that is not part of a form or of the page's frame."""
    return [
        Example("button", {"text": "Accept referral"}),
        Example("button", {"text": "Find another person", "variant": "secondary"}),
        Example("button", {"text": "End the personal health budget", "variant": "warning"}),
        Example("tag", {"text": "Overdue", "classes": "nhsuk-tag--red"}),
        Example(
            "card",
            {"heading": {"text": "Referrals to decide", "level": 3}, "description": "3 are due this week."},
        ),
        Example("summary-list", _SUMMARY),
        Example("tables", _TABLE),
        Example("inset-text", {"text": "A referral is decided within 28 days of the day it was received."}),
        Example(
            "warning-callout",
            {"heading": {"text": "Important", "level": 3}, "text": "Readings of the rule disagree."},
        ),
        Example(
            "details",
            {"summary": "What is a notional budget?", "text": "The NHS holds and spends the money."},
        ),
        Example(
            "pagination",
            {
                "previous": {"href": "#"},
                "next": {"href": "#"},
                "items": [
                    {"number": "1", "href": "#"},
                    {"number": "2", "href": "#", "current": True},
                    {"number": "3", "href": "#"},
                ],
            },
        ),
        Example(
            "task-list",
            {
                "items": [
                    {"title": {"text": "Find the person"}, "href": "#", "status": {"text": "Completed"}},
                    {
                        "title": {"text": "Answer the questions"},
                        "href": "#",
                        "status": {"tag": {"text": "To do"}},
                    },
                ]
            },
        ),
        Example(
            "notification-banner",
            {"text": "The referral was submitted.", "title": {"id": "example-banner", "level": 3}},
        ),
        Example("action-link", {"text": "Log a referral", "href": "#"}),
        Example("back-link", {"text": "Back", "href": "#"}),
        Example("breadcrumb", {"items": [{"text": "Home", "href": "#"}, {"text": "People", "href": "#"}]}),
        Example(
            "contents-list",
            {
                "items": [
                    {"text": "Overview", "href": "#", "current": True},
                    {"text": "Timeline", "href": "#"},
                ]
            },
        ),
        Example(
            "do-dont-list",
            {
                "title": "Do",
                "type": "tick",
                "headingLevel": 3,
                "items": [{"item": "check the NHS number with the person"}],
            },
        ),
        Example(
            "panel",
            {
                "titleText": "Referral submitted",
                "headingLevel": 3,
                "text": "The team answers within 28 days.",
            },
        ),
        Example(
            "tabs",
            {
                "items": [
                    {
                        "label": "Figures",
                        "id": "tab-figures",
                        "panel": {"html": render_component("tag", {"text": "122 in place"})},
                    },
                    {
                        "label": "Definitions",
                        "id": "tab-definitions",
                        "panel": {"text": "In place at the end of the day."},
                    },
                ]
            },
        ),
    ]
