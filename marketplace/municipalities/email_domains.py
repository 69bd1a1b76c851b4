"""Which e-mail domains a municipality vouches for."""

from allauth.account.models import EmailAddress

from marketplace.municipalities.models import EmailDomain


def belongs_to(user, municipality):
    """Whether `user` has a confirmed address in one of the municipality's approved domains."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    domains = {
        email.rpartition("@")[2].lower() for email in addresses.values_list("email", flat=True)
    }
    return EmailDomain.objects.filter(municipality=municipality, domain__in=domains).exists()


def is_domain_of(code, email):
    """Whether `email` is in an approved domain of the municipality with the official `code`."""
    domain = email.rpartition("@")[2].lower()
    return EmailDomain.objects.filter(municipality__code=code, domain=domain).exists()
