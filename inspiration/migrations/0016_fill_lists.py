"""A list that holds pages of one type is a list of that type."""

from django.db import migrations

TYPES = {"articlepage", "casestorypage", "lessonideapage", "campaignpage", "eventpage"}


def fill(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    for index in apps.get_model("inspiration", "InspirationIndexPage").objects.filter(lists=""):
        below = Page.objects.filter(path__startswith=index.path, depth=index.depth + 1)
        models = set(below.values_list("content_type__model", flat=True))
        if len(models) == 1 and models <= TYPES:
            index.lists = models.pop()
            index.save(update_fields=["lists"])


class Migration(migrations.Migration):
    dependencies = [("inspiration", "0015_blocks_and_lists")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
