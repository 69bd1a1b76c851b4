"""Static files under names that change with their content, so that browsers keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = (r"""(?P<matched>from\s*["'](?P<url>\./[\w-]+\.js)["'])""", 'from "%(url)s"')


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Renames also what our own modules import from each other.

    Django's `support_js_module_import_aggregation` would do so in everybody's scripts, and stops at
    the first that names a file in a comment. Ours are in one folder, and import nothing else.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("portal/js/*.js", (IMPORTS,)))
