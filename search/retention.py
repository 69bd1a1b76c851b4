"""Gathers what each subject keeps about people, so that its rules are registered."""

import search.statistics.retention  # noqa: F401
