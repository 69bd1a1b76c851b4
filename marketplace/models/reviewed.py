"""What listings, wanted ads and pupils' ideas have in common: editors review them."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index


def _relation(model):
    return GenericRelation(
        model,
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )


class Reviewed(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What people write in the exchange, in the same workflow as the site's pages."""

    _revisions = _relation("wagtailcore.Revision")
    _workflow_states = _relation("wagtailcore.WorkflowState")

    class Meta:
        abstract = True

    @property
    def revisions(self):
        return self._revisions

    @property
    def workflow_states(self):
        return self._workflow_states

    @property
    def language(self):
        """The site's main language, whatever language the page around it is read in."""
        return settings.LANGUAGE_CODE
