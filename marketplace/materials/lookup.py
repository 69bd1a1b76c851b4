"""Find a category by its name in any language."""

from marketplace.materials.models import MaterialCategory


def categories_by_name():
    """{name in any language, or slug, in lower case: category in the main language}."""
    source = {each.translation_key: each for each in MaterialCategory.objects.source()}
    names = {}
    for category in MaterialCategory.objects.all():
        if own := source.get(category.translation_key):
            names[category.name.casefold()] = own
            names[category.slug] = own
    return names
