"""What follows when somebody signs in."""

from allauth.account.signals import user_logged_in

from marketplace.organisations.registration.views import on_signed_in


def connect():
    user_logged_in.connect(on_signed_in, dispatch_uid="registration_on_signing_in")
