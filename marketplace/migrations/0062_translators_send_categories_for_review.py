"""Translators no longer put the name of a category online themselves: it is reviewed."""

from django.db import migrations


def take_right(apps, schema_editor):
    groups = apps.get_model("marketplace", "RoleGroup").objects.filter(role="translator")
    for each in groups.select_related("group"):
        each.group.permissions.remove(
            *each.group.permissions.filter(
                codename="change_materialcategory", content_type__app_label="marketplace"
            )
        )


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0061_translated_texts")]

    operations = [migrations.RunPython(take_right, migrations.RunPython.noop)]
