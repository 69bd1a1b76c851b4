"""Makes pictures ready for visitors when what they belong to is published."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, Model
from modelcluster.models import get_all_child_relations
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published, published

from portal.foundation.commits import once_on_commit
from portal.foundation.images.tasks import lacking_sizes, make_renditions


def connect() -> None:
    for signal in (published, page_published):
        signal.connect(on_published, dispatch_uid="make_renditions")


def on_published(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    # Wagtail updates it in a job of its own. Until then visitors would miss the pictures.
    ReferenceIndex.create_or_update_for_object(instance)
    if images := sorted(lacking_sizes(set(images_of(instance)))):
        once_on_commit(make_renditions.enqueue, tuple(images))


def images_of(thing: Model) -> Iterator[int]:
    """The primary keys of all pictures in the fields, blocks, texts and children of `thing`."""
    image_model = get_image_model()
    for field in thing._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model is image_model:
            if number := getattr(thing, field.attname):
                yield number
        elif hasattr(field, "extract_references"):
            for model, key, *_paths in field.extract_references(field.value_from_object(thing)):
                if model is image_model:
                    yield int(key)
    for relation in get_all_child_relations(type(thing)):
        for child in getattr(thing, relation.get_accessor_name()).all():
            yield from images_of(child)
