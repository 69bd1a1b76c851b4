"""What Wagtail keeps of everything that is saved, for many at once: where it is used, and how the
admin's search finds it.

What has been removed meanwhile is left out: removing it has removed it from both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.apps import apps
from django.db import models, transaction
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from modelsearch.backends import get_search_backends
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import ReferenceIndex
from wagtail.tasks import update_reference_index_task

from portal.foundation.jobs.backend import join
from portal.foundation.jobs.batches import in_rounds

Keys = dict[type[models.Model], set[str]]
join(update_reference_index_task, insert_or_update_object_task)


def _by_model(waiting: Sequence[Sequence]) -> Keys:
    """`waiting` are (app label, model name, key)."""
    keys: Keys = defaultdict(set)
    for app_label, model_name, pk in waiting:
        keys[apps.get_model(app_label, model_name)].add(pk)
    return keys


@in_rounds(update_reference_index_task)
def update_references(waiting: Sequence[Sequence]) -> None:
    """Note what these things refer to; what is part of another, such as a photo, with that."""
    for model, pks in _owners(_by_model(waiting)).items():
        if ReferenceIndex.is_indexed(model):
            for each in _with_children(model, pks):
                with transaction.atomic():
                    ReferenceIndex.create_or_update_for_object(each)


def _owners(keys: Keys) -> Keys:
    """Each thing, or what it is part of."""
    found: Keys = defaultdict(set)
    while keys:
        above: Keys = defaultdict(set)
        for model, pks in keys.items():
            parent = _parent(model)
            if parent is None:
                found[model] |= pks
                continue
            known = model._base_manager.filter(pk__in=pks).exclude(**{parent.attname: None})
            owners = known.values_list(parent.attname, flat=True)
            above[parent.related_model] |= {str(pk) for pk in owners}
        keys = above
    return found


def _parent(model: type[models.Model]) -> ParentalKey | None:
    fields = model._meta.get_fields()
    return next((field for field in fields if isinstance(field, ParentalKey)), None)


def _with_children(model: type[models.Model], pks: Iterable[str]) -> Iterator[models.Model]:
    """These things, with all that is part of them read at once."""
    children = [each.get_accessor_name() for each in get_all_child_relations(model)]
    yield from model._base_manager.filter(pk__in=pks).prefetch_related(*children)


@in_rounds(insert_or_update_object_task)
def update_admin_search(waiting: Sequence[Sequence]) -> None:
    """Have the admin's search find these things as they are now."""
    for model, pks in _searched_as(_by_model(waiting)).items():
        found = model.get_indexed_objects().filter(pk__in=pks)  # type: ignore[attr-defined]
        # In order, so that two workers do not wait for each other's rows.
        things = list(found.order_by("pk"))
        for backend in get_search_backends(with_auto_update=True):
            with transaction.atomic():
                backend.add_bulk(model, things)


def _searched_as(keys: Keys) -> Keys:
    """The same by the model that each is searched as: a page as its own kind."""
    found: Keys = defaultdict(set)
    for model, pks in keys.items():
        for each in model._base_manager.filter(pk__in=pks):
            searched = each.get_indexed_instance()  # type: ignore[attr-defined]
            if searched is not None:
                found[type(searched)].add(searched.pk)
    return found
