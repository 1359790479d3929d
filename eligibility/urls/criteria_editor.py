"""Addresses of the pages on which the criteria of a draft are written, and of the vocabulary of facts."""

from django.urls import path

from eligibility.views import criteria_editor, criteria_readings

_OF = "rule-sets/<slug:code>/versions/<int:number>/criteria/"

urlpatterns = [
    path("rule-sets/facts/", criteria_readings.facts, name="facts"),
    path(_OF, criteria_editor.criteria, name="criteria"),
    path(f"{_OF}press/", criteria_editor.press, name="criteria-press"),
    path(f"{_OF}fact/", criteria_editor.fact, name="criteria-fact"),
    path(f"{_OF}condition/", criteria_editor.condition, name="criteria-condition"),
    path(f"{_OF}part/", criteria_editor.part, name="criteria-part"),
    path(f"{_OF}use-part/", criteria_editor.use_part, name="criteria-use-part"),
    path(f"{_OF}part-title/", criteria_editor.part_title, name="criteria-part-title"),
    path(f"{_OF}readings/", criteria_readings.readings, name="criteria-readings"),
    path(f"{_OF}readings/new/", criteria_readings.reading_new, name="criteria-reading-new"),
    path(f"{_OF}reading-title/", criteria_readings.reading_title, name="criteria-reading-title"),
    path(f"{_OF}text/", criteria_readings.text, name="criteria-text"),
]
