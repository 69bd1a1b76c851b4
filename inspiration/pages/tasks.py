"""What editors have set a time for."""

from django.apps import apps
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from portal.foundation.jobs.rows import for_each_row


def publish_scheduled():
    """Publish and take down what is due. Returns how many versions were published."""
    now = timezone.now()
    models = [Page, *(each for each in apps.get_models() if issubclass(each, DraftStateMixin))]
    for model in dict.fromkeys(models):
        if model is Page or not issubclass(model, Page):
            for_each_row(list(model.objects.filter(live=True, expire_at__lt=now)), take_down)
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    return for_each_row(list(due), publish)


def publish(revision):
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def take_down(thing):
    """Unpublish what has expired, with the versions that were to replace it by now."""
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True
