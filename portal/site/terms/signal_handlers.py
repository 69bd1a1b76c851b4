"""What follows when somebody signs up: they have accepted the terms that stood by the button."""

from allauth.account.signals import user_signed_up
from wagtail.models import Site

from portal.site.terms.models import TermsAcceptance, TermsVersion


def connect():
    user_signed_up.connect(on_signed_up, dispatch_uid="terms_accepted_on_sign_up")


def on_signed_up(sender, request, user, **kwargs):
    if terms := TermsVersion.objects.current(Site.find_for_request(request)):
        TermsAcceptance.objects.get_or_create(user=user, terms=terms)
