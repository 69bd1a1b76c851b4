from django.db import migrations


def fill(apps, schema_editor):
    """Give the categories of the reference data their properties; a new portal has none yet."""
    from marketplace.materials.properties import reference

    MaterialCategory = apps.get_model("marketplace", "MaterialCategory")
    for slug, properties in reference().items():
        MaterialCategory.objects.filter(slug=slug, properties=[]).update(properties=properties)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0029_category_properties")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
