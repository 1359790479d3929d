"""The room of local offers."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Fills the slots of `phb_register`: reference data, navigation, worklists, jobs, demonstration."""

    name = "offers"
    verbose_name = "Local offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this room gives to the site."""
        from offers import (
            list_files,
            tasks,  # noqa: F401  importing the tasks registers the kind of job
        )
        from offers import reference as own
        from offers.demonstration import editions, programme, text
        from offers.panels import consultations
        from offers.presenters import programme_worklist, public_addresses, worklists
        from phb_register import reference, slots
        from phb_register.roles import Permission

        reference.add("cohorts", 20, own.load_cohorts)
        reference.add("local offers", 30, own.load_reference_offers)
        consultations.fill()
        list_files.fill()
        slots.public_pages.add(slots.PublicPages("local-offers", public_addresses.public_addresses, 10))
        slots.navigation.add(slots.NavigationItem("Local offers", "offers:local-offers", None, 10))
        slots.navigation.add(
            slots.NavigationItem("Your local offers", "offers:your-offers", Permission.VIEW_OFFERS, 60)
        )
        slots.worklists.add(
            slots.Worklist(
                code="offers-to-approve",
                title="Local offers to approve",
                permission=Permission.APPROVE_OFFERS,
                rows=worklists.to_approve,
                empty="No edition waits for your decision.",
                order=60,
            )
        )
        slots.worklists.add(
            slots.Worklist(
                code="offers-to-publish",
                title="Local offers to publish",
                permission=Permission.PUBLISH_OFFERS,
                rows=worklists.to_publish,
                empty="No approved edition waits to be published.",
                order=61,
            )
        )
        slots.worklists.add(
            slots.Worklist(
                code="offers-returned",
                title="Local offers returned to you",
                permission=Permission.WRITE_OFFERS,
                rows=worklists.returned,
                empty="No edition was returned.",
                order=62,
            )
        )
        slots.worklists.add(
            slots.Worklist(
                code="programme-due",
                title="Due in the programme behind the local offer",
                permission=Permission.WRITE_OFFERS,
                rows=programme_worklist.due,
                count=programme_worklist.due_count,
                url=programme_worklist.due_url,
                empty="Nothing of the programme is due within two weeks.",
                order=64,
            )
        )
        slots.demonstration_steps.add(
            slots.DemonstrationStep("The local offers' text and timeline", text.load_text, order=20)
        )
        slots.demonstration_steps.add(
            slots.DemonstrationStep("The programmes behind the local offers", programme.load_programmes, order=21)
        )
        slots.demonstration_steps.add(
            slots.DemonstrationStep("The local offers' first editions", editions.load_editions, order=60)
        )
        slots.demonstration_steps.add(
            slots.DemonstrationStep("The local offers' yearly updates", editions.load_yearly_updates, order=61)
        )
