"""Gathers the models of every subject, so that Django finds them."""

from portal.foundation.audit.models import AppendOnly, AuditEvent
from portal.foundation.images.models import CustomImage, Rendition
from portal.foundation.jobs.models import PeriodicStep, WorkerLane
from portal.foundation.kept_forms import KeptForm
from portal.foundation.limits.models import LimitEntry
from portal.foundation.mail.models import SetAsideMail
from portal.foundation.page_cache.models import ContentVersion
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.submissions import Submission
from portal.foundation.users.models import User
from portal.site.retention.models import RetentionRun
from portal.site.terms.models import TermsAcceptance, TermsVersion

__all__ = [
    "AppendOnly",
    "AuditEvent",
    "ContentVersion",
    "CustomImage",
    "KeptForm",
    "LimitEntry",
    "PeriodicStep",
    "Rendition",
    "RetentionRun",
    "SetAsideMail",
    "SiteSettings",
    "Submission",
    "TermsAcceptance",
    "TermsVersion",
    "User",
    "WorkerLane",
]
