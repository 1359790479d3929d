"""The room of local offers."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Fills the slots of `phb_register`: reference data, navigation, worklists, jobs, demonstration."""

    name = "offers"
    verbose_name = "Local offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this room gives to the site."""
        from offers import reference as own
        from phb_register import reference

        reference.add("cohorts", 20, own.load_cohorts)
        reference.add("local offers", 30, own.load_local_offers)
