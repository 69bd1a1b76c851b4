"""What givers have said so far becomes answers; everything else is not known.

A box that was not ticked says nothing, and "painted or treated" may mean anything from oil to
flame retardants. So of the old boxes only small parts and sharp edges are answers. Drafts and
versions that wait for review carry their answers along.
"""

from django.db import migrations

SMALL = "may_come_off"


def fill(apps, schema_editor):
    apps.get_model("marketplace", "MaterialListing").objects.filter(small_parts=True).update(
        loose_parts=SMALL
    )
    carry_along(apps.get_model("wagtailcore", "Revision").objects)


def carry_along(revisions):
    """Give the versions of listings the same answers as their old boxes."""
    of_listings = revisions.filter(
        content_type__app_label="marketplace", content_type__model="materiallisting"
    )
    for revision in of_listings.iterator(chunk_size=200):
        if revision.content.get("small_parts"):
            revision.content["loose_parts"] = SMALL
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0040_safety_answers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
