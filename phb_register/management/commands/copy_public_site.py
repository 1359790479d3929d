"""Write the static copy of the public site."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from phb_register.static_copy import CURRENT, SITE, CopyFailed, write_copy


class Command(BaseCommand):
    """Writes a new copy beside the one before and then puts it in its place; a copy that fails changes nothing."""

    help = "Write every public page as a file, for the site's own use or for another web server."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, or the site's own."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.PUBLIC_COPY_FOLDER)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Says how many pages there are and where."""
        try:
            pages = write_copy(folder.absolute())
        except (CopyFailed, OSError) as failure:
            raise CommandError(f"The public site was not copied: {failure}") from failure
        self.stdout.write(f"{pages} pages are in {folder / CURRENT / SITE}")
