from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "Measures and reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the slots that lower rooms declare."""
        from offers import budgets_now
        from phb_register import reference, slots
        from phb_register.roles import Permission
        from reporting import (  # noqa: F401  importing the tasks registers the kind of job
            figure_providers,
            import_tasks,
            list_files,
            pack_demonstration,
            pathway_snapshot,
            report_tasks,
            snapshot_parts,
            tasks,
            worklist,
        )
        from reporting.budgets_now import budgets_in_place
        from reporting.demonstration import denominators, equity, reports, snapshots, trajectories, variation
        from reporting.reference import load_return_windows

        figure_providers.register_all()
        snapshot_parts.add(pathway_snapshot.pathway_rows)
        reference.add("return windows", 50, load_return_windows)
        list_files.fill()
        budgets_now.answer_with(budgets_in_place)
        slots.navigation.add(slots.NavigationItem("Dashboard", "reporting:dashboards", Permission.VIEW_FIGURES, 20))
        slots.navigation.add(
            slots.NavigationItem("Board packs", "reporting:board-packs", Permission.VIEW_BOARD_PACKS, 58)
        )
        slots.navigation.add(
            slots.NavigationItem("Targets", "reporting:targets-choice", Permission.MANAGE_SETTINGS, 70)
        )
        slots.demonstration_steps.add(
            slots.DemonstrationStep("Targets and people eligible", denominators.load, order=50)
        )
        slots.demonstration_steps.add(slots.DemonstrationStep("Areas, and people by group", equity.load, order=51))
        slots.demonstration_steps.add(slots.DemonstrationStep("Trajectories", trajectories.load, order=94))
        slots.demonstration_steps.add(
            slots.DemonstrationStep("A change, and a file of counts", variation.load, order=97)
        )
        slots.worklists.add(
            slots.Worklist(
                code="missing-numbers",
                title="Numbers that the dashboard needs",
                permission=Permission.MANAGE_SETTINGS,
                rows=worklist.missing_numbers,
                empty="The dashboard has all the numbers it needs.",
                order=80,
            )
        )
        slots.worklists.add(
            slots.Worklist(
                code="board-packs-to-read",
                title="Board packs",
                permission=Permission.VIEW_BOARD_PACKS,
                rows=worklist.packs_to_read,
                empty="No board pack was made for a meeting to come.",
                order=64,
            )
        )
        slots.worklists.add(
            slots.Worklist(
                code="board-packs-not-made",
                title="Board packs that could not be made",
                permission=Permission.WRITE_BOARD_PACKS,
                rows=worklist.packs_not_made,
                empty="Every board pack was made on its day.",
                order=65,
            )
        )
        slots.demonstration_steps.add(slots.DemonstrationStep("Snapshots and returns", snapshots.load, order=93))
        slots.demonstration_steps.add(slots.DemonstrationStep("Reports", reports.load, order=96))
        slots.demonstration_steps.add(slots.DemonstrationStep("The board packs", pack_demonstration.load, order=95))
