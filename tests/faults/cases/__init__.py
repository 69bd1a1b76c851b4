"""The faults, in the order in which they are tried."""

from . import around, database, forms, jobs, mail, search, web

FAULTS = [
    *web.FAULTS,
    *forms.FAULTS,
    *mail.FAULTS,
    *jobs.FAULTS,
    *search.FAULTS,
    *database.FAULTS,
    *around.FAULTS,
]
