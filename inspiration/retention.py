"""Gathers what each subject keeps about people, so that its rules are registered."""

import inspiration.forms.retention
import inspiration.lessons.kits.retention
import inspiration.lessons.tips.retention
import inspiration.newsletter.retention  # noqa: F401
