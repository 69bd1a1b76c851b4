"""Keeps whole pages for visitors, until something in the database changes."""
