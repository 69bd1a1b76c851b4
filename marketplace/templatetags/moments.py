"""Moments that a notification carries as text: `{{ context.until|moment|date }}`."""

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime

register = template.Library()


@register.filter
def moment(text):
    """A time in ISO 8601, such as 2026-05-21T12:30:00+00:00, as Swedish time. None for ""."""
    return timezone.localtime(parse_datetime(text)) if text else None
