"""Who did what, when, for which organisation, about what: written once, never changed."""
