"""How production stores static files."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compressed, under names that change with the content; the imports inside script modules are renamed
    too.
    """

    support_js_module_import_aggregation = True
