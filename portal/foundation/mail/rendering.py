"""How every mail is made: its frame, its text and its HTML, in the active language."""

import re
from email.utils import parseaddr, quote
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, select_template
from django.utils.translation import get_language

from portal.foundation.sites import are_several, current_settings, current_site

# More than one empty line in a row, as templates leave them where they say nothing.
HOLES = re.compile(r"\n(?:[ \t]*\n){2,}")


def absolute(path):
    """The whole address of `path` on the site that is spoken for."""
    site = current_site() if are_several() else None
    if site and not site.is_default_site:
        return site.root_url + path
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def site_name():
    chosen = current_settings()
    return chosen.name if chosen else settings.WAGTAIL_SITE_NAME


def sender_address():
    """The address that mail comes from: the site's own, or the installation's."""
    return _address_of(current_settings())


def _address_of(chosen):
    own = chosen.sender_email if chosen else ""
    return own or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender():
    """Who mail comes from, as its reader sees it."""
    chosen = current_settings()
    if chosen is None or (chosen.site.is_default_site and not chosen.sender_email):
        return settings.DEFAULT_FROM_EMAIL
    return f'"{quote(chosen.name)}" <{_address_of(chosen)}>'


def contact_email():
    """Whom to write to with questions, as the footer says; "" where nobody has been named."""
    chosen = current_settings()
    return chosen.contact_email if chosen else ""


def as_text(template, values):
    """A template as plain text: nothing is escaped for HTML, and no holes are left."""
    found: Any = get_template(template)
    text = found.template.render(Context(values, autoescape=False))
    return HOLES.sub("\n\n", text.strip())


def as_html(templates, values):
    """The first of `templates` that there is, as HTML."""
    found: Any = select_template([templates] if isinstance(templates, str) else templates)
    return found.template.render(Context(values))


def one_line(text):
    return " ".join(text.split())


def email_context(**values):
    """What the frame around every mail shows, in the active language, with `values` of its own."""
    return {
        "language": get_language(),
        "site_name": site_name(),
        "site_url": absolute("/"),
        "contact_email": contact_email,  # looked up by the few mails that show it
    } | values


def compose(
    *,
    to,
    values,
    text="email/layout.txt",
    html="email/from_text.html",
    headers=None,
    attachments=(),
):
    """Build a mail as text and HTML, as every mail is built. Send it with its `send()`.

    `values` are those of `email_context`, with `subject` and what the templates need.
    `attachments` are (file name, content, content type).
    """
    message = EmailMultiAlternatives(
        subject=one_line(values["subject"]),
        body=as_text(text, values) + "\n",
        from_email=sender(),
        to=[to],
        headers=headers or {},
    )
    message.attach_alternative(as_html(html, values), "text/html")
    for name, content, kind in attachments:
        message.attach(name, content, kind)
    return message


def render_email(*, to, subject, body, action="", url="", name=""):
    """A mail that has only words and perhaps a button."""
    words = {"subject": one_line(subject), "body": body, "action": action, "url": url}
    return compose(to=to, values=email_context(user={"first_name": name}, **words))


def render_email_from(template, *, to, values, action="", url="", name=""):
    """The letter whose words are `email/<template>.txt` and `email/<template>_subject.txt`."""
    return render_email(
        to=to,
        subject=as_text(f"email/{template}_subject.txt", values),
        body=as_text(f"email/{template}.txt", values),
        action=action,
        url=url,
        name=name,
    )
