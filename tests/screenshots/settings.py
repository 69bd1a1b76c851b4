# ruff: noqa: F403
"""As Lighthouse sees the site, with an admin that opens after a password alone."""

from tests.benchmarks.lighthouse_settings import *

ADMIN_REQUIRES_MFA = False
