"""What the templates of an edition's documents say, from its reading: `{% load edition %}`."""

from django import template
from django.utils.safestring import SafeString

from offers.presenters.outputs import parts
from offers.presenters.timeline_drawing import drawing_of
from offers.rules.pictures import PICTURES_BY_CODE, Picture
from offers.rules.reading import ReadConsultation, Reading

register = template.Library()


@register.filter
def about(reading: Reading) -> str:
    """Which edition it is, in one paragraph."""
    return parts.about(reading)


@register.filter
def timeline_groups(reading: Reading) -> list[parts.TimelineGroup]:
    """The timeline, phase by phase."""
    return parts.timeline(reading)


@register.filter
def timeline_drawing(reading: Reading) -> SafeString:
    """The timeline as a drawing, the same on the page and in the PDF; nothing where there is none."""
    return drawing_of(reading)


@register.filter
def easy_timeline(reading: Reading) -> list[parts.EasyGroup]:
    """Who can have a budget now, and who later."""
    return parts.easy_timeline(reading)


@register.filter
def not_in_easy_read(reading: Reading) -> list[str]:
    """The headings of the sections that have no easy read version; the timeline always has one."""
    return [each.heading for each in reading.sections if not each.easy_read and not each.has_timeline]


@register.filter
def consulted(consultation: ReadConsultation) -> str:
    """From when until when people could comment, and how many did."""
    return parts.consulted(consultation)


@register.filter
def picture(code: str) -> Picture | None:
    """The picture of a code, if it is one of the set."""
    return PICTURES_BY_CODE.get(code)
