from django.apps import AppConfig
from django.db.models.signals import post_migrate

from phb_register import trigger_registry

# Django loads this module before any model, and every model brings triggers.
trigger_registry.quicken()


class PhbRegisterConfig(AppConfig):
    name = "phb_register"
    verbose_name = "Personal health budget register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the slots that this room declares with its own entries."""
        # Importing tasks registers them.
        from phb_register import (  # noqa: F401
            demonstration,
            list_tasks,
            own_list_files,
            panels,
            reference,
            signals,
            slots,
            trigger_speed,
        )
        from phb_register.roles import Permission

        post_migrate.connect(trigger_speed.quicken, sender=self, dispatch_uid="quick triggers")
        post_migrate.connect(reference.load_all, sender=self, dispatch_uid="reference data")
        reference.add("commissioners", 10, reference.load_commissioners)
        signals.connect()
        slots.navigation.add(slots.NavigationItem("People", "phb_register:people", Permission.VIEW_PEOPLE, 30))
        slots.navigation.add(slots.NavigationItem("Settings", "phb_register:settings", Permission.MANAGE_SETTINGS, 80))
        slots.navigation.add(slots.NavigationItem("Users", "phb_register:users", Permission.MANAGE_USERS, 85))
        slots.navigation.add(slots.NavigationItem("Outbox", "phb_register:outbox", Permission.MANAGE_USERS, 87))
        slots.navigation.add(
            slots.NavigationItem("Access log", "phb_register:access-log", Permission.VIEW_ACCESS_LOG, 90)
        )
        own_list_files.fill()
        slots.worklists.add(panels.MERGES_TO_REVIEW)
        for source in panels.TIMELINE:
            slots.timeline.add(source)
        slots.demonstration_steps.add(
            slots.DemonstrationStep("Users, memberships and settings", demonstration.load, order=10)
        )
