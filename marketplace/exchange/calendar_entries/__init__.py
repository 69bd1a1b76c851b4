"""Pickups in people's own calendars, kept in step with what was agreed (RFC 5545, 5546, 6047)."""
