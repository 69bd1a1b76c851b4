"""A page that is published brings its new texts to those who translate it."""

from wagtail.signals import page_published

from marketplace.desk.translations.services import take_over


def on_published(sender, instance, **kwargs):
    take_over(instance)


def connect():
    page_published.connect(on_published, dispatch_uid="desk.translations")
