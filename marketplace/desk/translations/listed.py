"""One list of all translations: the database sorts and counts it, and takes out a page."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Collate

from marketplace.desk.translations import pages, texts
from marketplace.desk.translations.stages import Row, Stage
from marketplace.materials.models import MaterialCategory
from marketplace.translations.permissions import can_translate_texts
from marketplace.translations.source import other_languages
from portal.foundation.collation import SWEDISH
from portal.foundation.users.models import User

PAGE, TEXT, CATEGORY = "page", "text", "category"
COLUMNS = ("stage", "sorted_as", "of_type", "to_language", "pk")


def parts(user: User) -> list[QuerySet[Any]]:
    """Every translation that `user` works with, with `stage` and the `name` of the original."""
    found = [part(pages.translations().annotate(name=F("source__object_repr")), PAGE)]
    if can_translate_texts(user):
        found.append(part(texts.texts(), TEXT))
        to_do = Value(Stage.TO_DO.rank, output_field=IntegerField())
        for language in other_languages():
            nameless = texts.nameless_categories(language).annotate(stage=to_do)
            found.append(part(nameless, CATEGORY, language))
    return found


def part(rows: QuerySet[Any], type: str, language: str = "") -> QuerySet[Any]:
    return rows.order_by().annotate(
        of_type=Value(type, output_field=CharField()),
        to_language=Value(language, output_field=CharField()),
        sorted_as=Collate(Cast("name", TextField()), SWEDISH),
    )


def counts(user: User) -> Counter[Stage]:
    """How many there are of each stage."""
    found: Counter[Stage] = Counter()
    for rows in parts(user):
        for rank, number in rows.values_list("stage").annotate(number=Count("pk")):
            found[Stage.of_rank(rank)] += number
    return found


def keys(user: User, stage: Stage | None = None) -> QuerySet[Any]:
    """The `COLUMNS` of all, or of one stage: what somebody has to do first, then by name."""
    first, *others = [
        (rows.filter(stage=stage.rank) if stage else rows).values_list(*COLUMNS)
        for rows in parts(user)
    ]
    return first.union(*others, all=True).order_by(*COLUMNS)


def read(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The rows of `found`, which are of `keys`, in their order and with a query for each kind.

    What has gone in the meantime is left out.
    """
    wanted = [tuple(values) for _stage, _name, *values in found]
    by_kind: dict[tuple[str, str], list[int]] = {}
    for type, language, pk in wanted:
        by_kind.setdefault((type, language), []).append(pk)
    rows = {(*kind, pk): row for kind, pks in by_kind.items() for pk, row in rows_of(*kind, pks)}
    return [rows[key] for key in wanted if key in rows]


def rows_of(type: str, language: str, pks: list[int]) -> Iterator[tuple[int, Row]]:
    if type == PAGE:
        return pages.rows(pages.translations().filter(pk__in=pks))
    if type == TEXT:
        return texts.text_rows(texts.texts().filter(pk__in=pks))
    return texts.category_rows(MaterialCategory.objects.filter(pk__in=pks), language)
