"""Tips in the queue of what waits."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspiration.lessons.tips.models import LessonTip
from marketplace.desk.queue.items import register
from marketplace.desk.queue.reviewed import BLURRED, CONTACT, FACES, OFF_TOPIC, ReviewedKind


@register
class Tips(ReviewedKind):
    name, icon = "tip", "edit"
    label, one = gettext_lazy("Lesson tips"), gettext_lazy("Lesson tip")
    model, sender = LessonTip, "organisation"
    prepared = [
        FACES,
        BLURRED,
        gettext_lazy("Please tell a little more, so that somebody else can do the same."),
        CONTACT,
        OFF_TOPIC,
    ]

    def text(self, thing):
        return thing.text

    def facts(self, thing):
        return [
            (_("Lesson idea"), thing.lesson and thing.lesson.title),
            (_("Age group"), ", ".join(map(str, thing.age_group_labels))),
            (_("Material"), ", ".join(each.localized.name for each in thing.categories.all())),
        ]
