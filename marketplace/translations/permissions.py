"""Who may translate what organisations have written."""

from django.contrib.auth.models import AnonymousUser

from portal.foundation.users.models import User


def can_translate_texts(user: User | AnonymousUser) -> bool:
    """Start, write and send translations: translators, and editors, who also review them."""
    return user.has_perm("marketplace.change_translatedtext")
