"""Cleaning of text that was stored before the cleaning was there."""

import logging
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction
from taggit.models import Tag
from wagtail.fields import StreamField

from portal.foundation.text_cleaning.cleaning import clean_data, clean_text

logger = logging.getLogger(__name__)

APPS = (
    "portal",
    "marketplace",
    "inspiration",
    "search",
    "account",
    "taggit",
    "wagtailcore",
    "wagtaildocs",
)
# Secrets, and what code has chosen, are as they are; files are named by the storage.
LEFT_ALONE = (models.FileField, models.FilePathField, models.SlugField, models.UUIDField)
NAMES_LEFT_ALONE = {"password", "token", "key", "key_hash", "url_path", "path"}


def clean_stored_texts() -> tuple[int, list[str]]:
    """Clean every stored text; returns how many rows changed, and what could not be cleaned.

    Safe to run twice and while the site is used: each row is changed by itself, and one that
    cannot be (its clean e-mail address belongs to somebody else) is reported and left.
    """
    changed, failures = merge_tags()
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if fields := text_fields(model):
                rows, failed = clean_rows(model, fields)
                changed += rows
                failures += failed
    return changed, failures


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of the model's own table that hold what people have written."""
    if not model._meta.managed or model._meta.proxy:
        return []
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField | StreamField)
        and not isinstance(field, LEFT_ALONE)
        and not field.choices
        and field.name not in NAMES_LEFT_ALONE
        and not field.primary_key
    ]


def clean_rows(model: type[models.Model], fields: list[models.Field]) -> tuple[int, list[str]]:
    changed, failures = 0, []
    names = [field.name for field in fields]
    rows = model._base_manager.order_by("pk").values_list("pk", *names)
    for pk, *values in rows.iterator(chunk_size=500):
        changes = clean_values(zip(names, values, strict=True))
        if not changes:
            continue
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=pk).update(**changes)
            changed += 1
        except Exception as error:
            logger.warning("Text of %s %s was not cleaned: %s", model._meta.label, pk, error)
            failures.append(f"{model._meta.label} {pk} ({', '.join(changes)}): {error}")
    return changed, failures


def clean_values(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Those of the values that change when they are cleaned, as they then are."""
    changes = {}
    for name, value in values:
        plain = list(value.raw_data) if hasattr(value, "raw_data") else value
        clean = clean_data(plain)
        if clean != plain:
            changes[name] = clean
    return changes


def merge_tags() -> tuple[int, list[str]]:
    """Make one tag of those whose names look the same; returns as `clean_rows` does."""
    merged, failures = 0, []
    kept: dict[str, Tag] = {}
    for tag in Tag.objects.order_by("pk"):
        first = kept.setdefault(clean_text(tag.name).casefold(), tag)
        if first == tag:
            continue
        try:
            merge_tag(tag, into=first)
            merged += 1
        except Exception as error:
            logger.warning("Tag %s was not merged: %s", tag.pk, error)
            failures.append(f"taggit.Tag {tag.pk}: {error}")
    return merged, failures


@transaction.atomic
def merge_tag(tag: Tag, *, into: Tag) -> None:
    """Move everything that has `tag` to `into`, once each, and remove `tag`."""
    for relation in Tag._meta.related_objects:
        if not relation.one_to_many:
            continue
        for item in relation.related_model._base_manager.filter(**{relation.field.name: tag}):
            owner = {
                field.attname: getattr(item, field.attname)
                for field in item._meta.concrete_fields
                if not field.primary_key and field.name not in (relation.field.name, "sort_order")
            }
            target = {relation.field.name: into}
            if relation.related_model._base_manager.filter(**owner, **target).exists():
                item.delete()
            else:
                type(item)._base_manager.filter(pk=item.pk).update(**target)
    tag.delete()
