"""What the portal tells the other apps."""

from django.dispatch import Signal

# Somebody wants all that is held on them: receivers return {name: rows} of what is kept by e-mail
# address. Sent with `addresses`, all of theirs, in lower case.
personal_data_requested = Signal()
# Somebody's account is about to be removed: take their name out of what stays. Sent inside the
# transaction, with `user` and `addresses` (all their e-mail addresses, in lower case).
user_pre_erase = Signal()
