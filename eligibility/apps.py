from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "eligibility"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the slots that lower rooms declare."""
        from eligibility import list_files, tasks, timeline  # noqa: F401  importing the tasks registers their kinds
        from eligibility.panels import birthdays, follow_up, letters, referrals, rule_sets, work
        from eligibility.reference import load_rule_sets
        from phb_register import reference, slots

        reference.add("rule sets", 40, load_rule_sets)
        for panels in (referrals, letters, follow_up, birthdays, work, rule_sets):
            panels.fill()
        list_files.fill()
        for source in timeline.TIMELINE:
            slots.timeline.add(source)
