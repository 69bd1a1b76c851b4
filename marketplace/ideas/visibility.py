"""Who may see the pictures of pupils' ideas."""

from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.ideas.models import Idea, IdeaPhoto
from marketplace.ideas.permissions import can_see_idea
from portal.foundation.images import visibility


class OfIdeas:
    """Pictures of ideas that no teacher has approved stay within the school, for staff too."""

    def is_public(self, image_id: int) -> bool:
        return IdeaPhoto.objects.filter(image_id=image_id, idea__live=True).exists()

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        ideas = Idea.objects.filter(photos__image=image_id).select_related("progress", "handover")
        return any(can_see_idea(request.user, idea) for idea in ideas)

    def closed(self) -> QuerySet:
        waiting = IdeaPhoto.objects.filter(
            idea__live=False, idea__progress__approved_at__isnull=True
        )
        return waiting.values("image_id")


def register() -> None:
    visibility.register(OfIdeas())
