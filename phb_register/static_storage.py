"""How production stores static files."""

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# django-htmx brings scripts that we do not use (htmx comes with our own build); their comments name imports of files
# that do not exist, and collecting would end there.
UNUSED = "django_htmx/"


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compressed, under names that change with the content; the imports inside script modules are renamed too."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Rename every file but those that no page uses."""
        used = {name: path for name, path in paths.items() if not name.startswith(UNUSED)}
        yield from super().post_process(used, *args, **options)
