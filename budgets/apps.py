from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "budgets"
    verbose_name = "Personal health budgets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the slots that lower rooms declare."""
        # Importing tasks registers them.
        from budgets import (  # noqa: F401
            list_files,
            money_list_file,
            monitoring_tasks,
            payment_tasks,
            plan_tasks,
            register_tasks,
            review_tasks,
        )
        from budgets.panels import (
            arrangements,
            budget_proposals,
            ending,
            indicative_budgets,
            money,
            monitoring,
            payments,
            personal_health_budgets,
            reviews,
            support_plans,
        )
        from budgets.reference.needs_tools import load_needs_tools
        from budgets.reference.prohibited_purchases import load_prohibited_purchases
        from budgets.selectors.public_organisations import PublicOrganisations
        from offers import support_directory
        from phb_register import reference

        reference.add("needs tools", 50, load_needs_tools)
        reference.add("prohibited purchases", 50, load_prohibited_purchases)
        support_directory.fill(PublicOrganisations())
        for panels in (
            personal_health_budgets,
            indicative_budgets,
            support_plans,
            budget_proposals,
            arrangements,
            ending,
            payments,
            monitoring,
            reviews,
            money,
        ):
            panels.fill()
        list_files.fill()
        money_list_file.fill()
