from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "eligibility"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the slots that lower rooms declare."""
        from eligibility import (  # noqa: F401  importing the tasks registers their kinds
            birthday_panels,
            follow_up_panels,
            letter_panels,
            panels,
            rule_set_panels,
            tasks,
            timeline,
            work_panels,
        )
        from eligibility.reference import load_rule_sets
        from offers.slots import reader_links
        from phb_register import reference, slots

        reference.add("rule sets", 40, load_rule_sets)
        for item in panels.NAVIGATION:
            slots.navigation.add(item)
        for worklist in panels.WORKLISTS:
            slots.worklists.add(worklist)
        slots.filtered_lists.add(panels.FILTERED_LIST)
        slots.person_panels.add(panels.PERSON_PANEL)
        reader_links.add(panels.SELF_CHECK_LINK)
        letter_panels.fill()
        follow_up_panels.fill()
        birthday_panels.fill()
        work_panels.fill()
        for source in timeline.TIMELINE:
            slots.timeline.add(source)
        rule_set_panels.fill()
