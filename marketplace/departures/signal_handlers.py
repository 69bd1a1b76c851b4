"""What follows when a person's account is removed."""

from marketplace.departures.services import on_user_pre_erase
from portal.foundation.privacy.signals import user_pre_erase


def connect():
    user_pre_erase.connect(on_user_pre_erase, dispatch_uid="person_leaves")
