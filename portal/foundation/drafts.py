"""Drafts as they are read from a revision: all that they refer to is looked for at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import CASCADE, ForeignKey, Model
from modelcluster.models import ClusterableModel, get_all_child_relations

from portal.foundation.pages.links import Links, known_links

Data = dict[str, Any]


if TYPE_CHECKING:
    Base: TypeAlias = ClusterableModel
else:
    Base = object


class ReadAtOnce(Base):
    """For a model with revisions. modelcluster would ask for each row that a draft refers to."""

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        if not check_fks:
            return super().from_serializable_data(data, check_fks, strict_fks)
        links = known_links()
        read(cls, data, links)
        data = without_what_is_gone(cls, data, links)
        draft = super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)
        for rel in get_all_child_relations(cls):
            if rel.get_accessor_name() in data:
                for row in getattr(draft, rel.get_accessor_name()).all():
                    know(row, foreign_keys(rel.related_model, rel.field), links)
        know(draft, foreign_keys(cls), links)
        return draft


def foreign_keys(model: type[Model], parent: Any = None) -> list[ForeignKey]:
    """The foreign keys of `model`, but for the one to what the row is a part of."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field != parent and not field.remote_field.parent_link
    ]


def rows_of(model: type[Model], data: Data) -> Iterator[tuple[list[ForeignKey], Data]]:
    """The serialized rows of a draft, itself and its parts, each with its foreign keys."""
    yield foreign_keys(model), data
    for rel in get_all_child_relations(model):
        keys = foreign_keys(rel.related_model, rel.field)
        yield from ((keys, row) for row in data.get(rel.get_accessor_name(), ()))


def read(model: type[Model], data: Data, links: Links) -> None:
    """Read what the rows of a draft refer to, with one query for each kind."""
    keys: dict[type[Model], set[Any]] = {}
    for fields, row in rows_of(model, data):
        for field in fields:
            if row.get(field.name) is not None:
                keys.setdefault(field.related_model, set()).add(key_of(field, row))
    for related, of_model in keys.items():
        links.know(related, of_model)


def key_of(field: ForeignKey, row: Data) -> Any:
    return field.related_model._meta.pk.to_python(row[field.name])


def is_gone(field: ForeignKey, row: Data, links: Links) -> bool:
    return row.get(field.name) is not None and not links.rows[field.related_model].get(
        key_of(field, row)
    )


def without_what_is_gone(model: type[Model], data: Data, links: Links) -> Data:
    """`data` without references to rows that are gone, and without parts that need such a row."""
    data = data | {field.name: None for field in foreign_keys(model) if is_gone(field, data, links)}
    for rel in get_all_child_relations(model):
        name = rel.get_accessor_name()
        if not data.get(name):
            continue
        fields = foreign_keys(rel.related_model, rel.field)
        data[name] = [
            row | {field.name: None for field in fields if is_gone(field, row, links)}
            for row in data[name]
            if not any(is_gone(field, row, links) and needs(field) for field in fields)
        ]
    return data


def needs(field: ForeignKey) -> bool:
    """Whether a row is nothing without what `field` refers to."""
    return not field.null or field.remote_field.on_delete is CASCADE


def know(row: Model, fields: list[ForeignKey], links: Links) -> None:
    """Let `row` have what it refers to, where that has been read."""
    for field in fields:
        found = links.rows[field.related_model].get(getattr(row, field.attname))
        if found is not None:
            setattr(row, field.name, found)
