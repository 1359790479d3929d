"""Where a programme starts and where it goes: the places to start compared, and the vision on one page."""

import pghistory
from django.db import models
from django.db.models import Q

from offers.programme_enums import Place, ToolKind

from .cohorts import Cohort
from .programme import ONE_A_LINE, ProgrammeEntry
from .programme_guards import entry_constraints, entry_triggers, known_choices


@pghistory.track()
class SwocOption(ProgrammeEntry):
    """A place to start, usually a cohort: its strengths, weaknesses, opportunities and challenges, one a line."""

    tool = ToolKind.SWOC

    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cohort",
        help_text="Or leave it empty and give the place to start a name below.",
    )
    title = models.CharField(
        "name, where it is no cohort", max_length=120, blank=True, help_text="For example, short breaks"
    )
    strengths = models.TextField("strengths", max_length=2000, blank=True, help_text=ONE_A_LINE)
    weaknesses = models.TextField("weaknesses", max_length=2000, blank=True, help_text=ONE_A_LINE)
    opportunities = models.TextField("opportunities", max_length=2000, blank=True, help_text=ONE_A_LINE)
    challenges = models.TextField("challenges", max_length=2000, blank=True, help_text=ONE_A_LINE)
    people = models.PositiveIntegerField("how many people it would be for", null=True, blank=True)
    people_source = models.CharField("where that number is from", max_length=200, blank=True)
    place = models.CharField("what you chose", max_length=10, choices=Place.choices, default=Place.UNDECIDED)
    reason = models.TextField("why", max_length=1000, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = "place to start"
        constraints = [
            *entry_constraints("swoc"),
            known_choices("swoc", "place", Place.values),
            models.CheckConstraint(
                name="swoc_of_a_cohort_or_a_name",
                condition=Q(cohort__isnull=False, title="") | Q(cohort__isnull=True) & ~Q(title=""),
                violation_error_message="Select a cohort, or enter a name where it is no cohort, and not both",
            ),
            models.CheckConstraint(
                name="swoc_choice_has_a_reason",
                condition=Q(place=Place.UNDECIDED) | ~Q(reason=""),
                violation_error_message="Enter why you chose so",
            ),
            models.CheckConstraint(
                name="swoc_people_have_a_source",
                condition=Q(people__isnull=True) | ~Q(people_source=""),
                violation_error_message="Enter where the number of people is from",
            ),
            models.UniqueConstraint(
                fields=["local_offer", "cohort", "title"],
                condition=Q(removed_at__isnull=True),
                name="swoc_once",
                nulls_distinct=False,
                violation_error_message="This place to start is there already. Change that one",
            ),
        ]
        triggers = entry_triggers("swoc", ("cohort_id", "offers_cohort"))

    def __str__(self) -> str:
        return self.cohort.name if self.cohort else self.title


@pghistory.track()
class Vision(ProgrammeEntry):
    """What the programme is for, on one page: every briefing and business case begins from it."""

    tool = ToolKind.VISION

    headline = models.CharField("the vision in one sentence", max_length=200)
    for_people = models.TextField("what will be different for people and their families", max_length=800)
    for_staff = models.TextField("what will be different for those who work with them", max_length=800)
    for_system = models.TextField("what will be different in how care is bought and arranged", max_length=800)
    first_steps = models.TextField("first steps", max_length=800, help_text=ONE_A_LINE)
    signs = models.TextField("how you will know", max_length=800, help_text=ONE_A_LINE)
    asked_of_leaders = models.TextField("what you ask of your leaders", max_length=800, help_text=ONE_A_LINE)

    class Meta:
        ordering = ["number"]
        verbose_name = "vision"
        constraints = [
            *entry_constraints("vision", "headline", "for_people", "first_steps", "signs"),
            models.UniqueConstraint(
                fields=["local_offer"],
                condition=Q(removed_at__isnull=True),
                name="vision_one_an_offer",
                violation_error_message="There is a vision already. Change that one",
            ),
        ]
        triggers = entry_triggers("vision")

    def __str__(self) -> str:
        return self.headline
