"""In production each static file has a name of its own for each content."""

import re
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage

from portal.foundation.static_files import StaticFiles

SCRIPTS = Path("portal/static")


def test_a_module_imports_others_by_the_names_that_they_have_in_production(tmp_path):
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    source = StaticFilesStorage(location=SCRIPTS, base_url="/static/")
    found = [str(path.relative_to(SCRIPTS)) for path in SCRIPTS.glob("portal/js/*.js")]
    found.remove("portal/js/htmx.min.js")
    for name in found:
        storage.save(name, source.open(name))
    paths = {name: (storage, name) for name in found}
    assert not [error for *_names, error in storage.post_process(paths) if error is not True]

    imported = set()
    for name in found:
        script = tmp_path / storage.stored_name(name)
        for module in re.findall(r"""from\s*["'](.+?)["']""", script.read_text(encoding="utf-8")):
            assert re.fullmatch(r"\./[\w-]+\.[0-9a-f]{12}\.js", module), (name, module)
            assert (script.parent / module).exists(), (name, module)
            imported.add(module.split(".")[1].strip("/"))
    assert {"store", "taps"} <= imported
