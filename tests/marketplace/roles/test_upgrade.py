"""An installation that knew its people by the names of groups goes on with roles."""

import json
import os
import subprocess
import sys

from django.conf import settings

# In a database of its own on SQLite, which needs to go to these migrations and no further.
PROGRAM = """
import json

import django

django.setup()

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(name):
    target = [("marketplace", name)]
    MigrationExecutor(connection).migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


old = migrate("0022_photo_texts")
User, Group = old.get_model("portal", "User"), old.get_model("auth", "Group")
people = {
    name: User.objects.create(email=f"{name}@example.org", is_superuser=name == "boss")
    for name in ("editor", "half", "unnamed", "boss")
}
for name, group in (("editor", "Editors"), ("half", "Coordinators")):
    people[name].groups.add(Group.objects.get_or_create(name=group)[0])
place = old.get_model("marketplace", "Municipality").objects.create(
    code="1276",
    name="Klippan",
    slug="klippan",
    latitude=56,
    longitude=13,
    population=1,
    population_year=2024,
)
place.coordinators.add(people["unnamed"])

new = migrate("0025_coordinators_are_roles")
print(
    json.dumps(
        {
            each.user.email.partition("@")[0]: {
                "role": each.role,
                "municipalities": [place.name for place in each.municipalities.all()],
                "groups": [group.name for group in each.user.groups.all()],
            }
            for each in new.get_model("marketplace", "RoleAssignment").objects.all()
        }
    )
)
"""


def test_groups_and_coordinators_become_roles(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/old.sqlite3"},
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "editor": {"role": "editor", "municipalities": [], "groups": ["Redaktör"]},
        "half": {"role": "coordinator", "municipalities": [], "groups": []},
        "unnamed": {
            "role": "coordinator",
            "municipalities": ["Klippan"],
            "groups": ["Samordnare"],
        },
        "boss": {"role": "administrator", "municipalities": [], "groups": []},
    }
