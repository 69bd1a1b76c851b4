"""Keeps what the exchange knows of stories true."""

from django.db.models.signals import post_delete

from marketplace import ideas

from .models import CaseStoryPage


def on_story_deleted(sender, instance, **kwargs):
    still = CaseStoryPage.objects.filter(idea=instance.idea_id).exclude(pk=instance.pk)
    if instance.idea_id and not still.exists():
        ideas.mark_story_begun(idea=instance.idea_id, begun=False)


def connect():
    post_delete.connect(on_story_deleted, sender=CaseStoryPage, dispatch_uid="story deleted")
