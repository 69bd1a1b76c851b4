"""How far a translation has come: the stages, what follows from its review, a row of the list."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    CharField,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from portal.foundation.text_types import StrOrPromise


class Stage(TextChoices):
    """In the order of the list: first what a translator has to do."""

    TO_DO = "att-gora", _("To translate")
    OUTDATED = "inaktuell", _("Out of date")
    CHANGES = "andra", _("To be changed")
    READY = "klar", _("Ready to send for review")
    WAITING = "granskas", _("Waiting for review")
    LIVE = "publicerad", _("Published")

    @property
    def rank(self) -> int:
        """Its place in the list, which is how the database knows it."""
        return list(Stage).index(self)

    @classmethod
    def of_rank(cls, rank: int) -> "Stage":
        return list(cls)[rank]


# The condition of a stage that waits for an editor, and of one that an editor has sent back: on the
# status of `latest_review`.
IS_WAITING = {"review": WorkflowState.STATUS_IN_PROGRESS}
IS_SENT_BACK = {"review": WorkflowState.STATUS_NEEDS_CHANGES}


@dataclass
class Row:
    """One translation, as the list shows it. `comment` is what an editor has asked.

    `url` is where it is written, and `send_url` takes what is sent for review.
    """

    title: str
    type: StrOrPromise
    language: str
    stage: Stage
    texts: int
    missing: int
    url: str
    send_url: str
    anchor: str
    comment: str = ""

    @property
    def done(self) -> int:
        return self.texts - self.missing

    @property
    def to_write(self) -> bool:
        return self.stage in (Stage.TO_DO, Stage.OUTDATED)

    @property
    def may_be_sent(self) -> bool:
        return self.missing == 0 and self.stage in (Stage.READY, Stage.CHANGES)


def latest_review(model: type[Model], key: str = "pk") -> QuerySet[WorkflowState]:
    """For a subquery: reviews of the row of `model` whose key is in `key`, the newest first."""
    return WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        object_id=Cast(OuterRef(key), CharField()),
    ).order_by("-pk")


def first_of(*stages: tuple[Stage, Q]) -> Case:
    """The rank of the first stage whose condition holds; of what is online where none does."""
    return Case(
        *(When(condition, then=Value(stage.rank)) for stage, condition in stages),
        default=Value(Stage.LIVE.rank),
        output_field=IntegerField(),
    )
