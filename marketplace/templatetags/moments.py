"""Moments: those that a notification carries as text, and how short they are written."""

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, time_format

register = template.Library()


@register.filter
def moment(text):
    """A time in ISO 8601, such as 2026-05-21T12:30:00+00:00, as Swedish time. None for ""."""
    return timezone.localtime(parse_datetime(text)) if text else None


@register.filter
def day_of(text):
    """A day in ISO 8601, such as 2026-05-21. None for ""."""
    return parse_date(text) if text else None


@register.filter(expects_localtime=True)
def day_and_time(moment):
    """When somebody wrote something, as 3 december 14.30: beside it, the year says nothing."""
    return f"{date_format(moment, 'j F')} {time_format(moment)}"
