"""Mail to an address, in the site's look: where nobody has an account, or about the account."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import get_language
from wagtail.models import Site

from .models import SiteSettings


def absolute(path):
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def site_name():
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site).name if site else settings.WAGTAIL_SITE_NAME


def contact_email():
    """Whom to write to with questions, as the footer says; "" where nobody has been named."""
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site).contact_email if site else ""


def as_text(template, values):
    """A template as plain text: nothing is escaped for HTML."""
    return get_template(template).template.render(Context(values, autoescape=False)).strip()


def letter(*, to, subject, body, action="", url="", name=""):
    """A mail with text and HTML in the active language; send it with its `send()`."""
    values = {
        "user": {"first_name": name},
        "subject": " ".join(subject.split()),
        "body": body,
        "action": action,
        "url": url,
        "language": get_language(),
        "site_name": site_name(),
        "site_url": absolute("/"),
    }
    message = EmailMultiAlternatives(
        subject=values["subject"], body=as_text("email/layout.txt", values), to=[to]
    )
    html = get_template("email/from_text.html").template.render(Context(values))
    message.attach_alternative(html, "text/html")
    return message


def letter_from(template, *, to, values, action="", url="", name=""):
    """The letter whose words are `email/<template>.txt` and `email/<template>_subject.txt`."""
    return letter(
        to=to,
        subject=as_text(f"email/{template}_subject.txt", values),
        body=as_text(f"email/{template}.txt", values),
        action=action,
        url=url,
        name=name,
    )
