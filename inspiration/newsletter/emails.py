"""The mails of the newsletter: each as text and HTML, in the reader's language."""

from email.header import Header
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from csp.constants import UNSAFE_INLINE
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from post_office.models import PRIORITY
from wagtail.rich_text import expand_db_html

from inspiration.campaigns.channels import CampaignChannel
from inspiration.campaigns.models import CampaignPage
from inspiration.events.models import EventPage
from inspiration.newsletter.models import Newsletter, Subscriber
from marketplace.listings.models import MaterialListing
from marketplace.municipalities.models import site_of
from portal.foundation.mail import queue as mail_queue
from portal.foundation.mail.rendering import absolute, as_html, compose, email_context, site_name
from portal.foundation.pages.wiring import preview_of
from portal.foundation.sites import speaking_as


class Issue:
    """An issue with all that its copies have in common, read once: texts, pages and material."""

    def __init__(self, newsletter):
        self.newsletter = newsletter
        self._pages = {}
        self._material = {}

    def text(self, language):
        return self.newsletter.text_in(language)

    def pages(self, language):
        """[{title, summary, url, kicker}] of the chosen pages that are online, translated."""
        if language not in self._pages:
            self._pages[language] = [
                self._about(page)
                for item in self.newsletter.items.all()
                if (page := self._translated(item.page, language)) is not None
            ]
        return self._pages[language]

    @staticmethod
    def _translated(page, language):
        if page.locale.language_code != language:
            translation = (
                page.get_translations().filter(locale__language_code=language).live().first()
            )
            page = translation or page
        return page.specific if page.live else None

    @staticmethod
    def _about(page):
        url = page.full_url
        if isinstance(page, CampaignPage):
            channel = page.main.channels.filter(type=CampaignChannel.Type.NEWSLETTER).first()
            url = (channel and channel.link_to(page)) or url
        return {
            "title": page.title,
            "summary": f"{capfirst(page.when)}, {page.where}. {page.summary}"
            if isinstance(page, EventPage)
            else page.summary,
            "url": url,
            "kicker": page.get_verbose_name(),
        }

    def material(self, municipality, language):
        """Some of what can be had now: from the reader's municipality first, the newest first."""
        key = (municipality and municipality.pk, language)
        if key not in self._material:
            self._material[key] = self._listings(municipality)
        return self._material[key]

    def _listings(self, municipality):
        count = self.newsletter.material_count
        available = MaterialListing.objects.available().for_cards().order_by("-first_published_at")
        own = list(available.in_municipalities([municipality])[:count]) if municipality else []
        rest = available.exclude(pk__in=[each.pk for each in own])[: count - len(own)]
        return [
            {
                "title": listing.title,
                "amount": str(listing.stock),
                "municipality": str(listing.municipality),
                "url": absolute(listing.get_absolute_url()),
            }
            for listing in [*own, *rest]
        ]


# --- Words ----------------------------------------------------------------------------------------


def introduction_of(rich_text):
    """(HTML, plain text) of an introduction, with addresses that work in a mail."""
    soup = BeautifulSoup(expand_db_html(rich_text), "html.parser")
    for link in soup.find_all("a", href=True):
        link["href"] = urljoin(absolute("/"), link["href"])
    html = str(soup)
    for link in soup.find_all("a", href=True):
        link.append(f" ({link['href']})")
    for item in soup.find_all("li"):
        item.insert(0, "- ")
    for block in soup.find_all(["p", "li", "br"]):
        block.append("\n" if block.name == "li" else "\n\n")
    return mark_safe(html), soup.get_text().strip()  # noqa: S308  # Wagtail's own, cleaned


def issue_values(issue, *, language, municipality, email, manage_url, unsubscribe_url):
    text = issue.text(language)
    html, plain = introduction_of(text.introduction)
    links = {"email": email, "manage_url": manage_url, "unsubscribe_url": unsubscribe_url}
    return email_context(language=language, **links) | {
        "subject": text.subject,
        "introduction": html,
        "introduction_text": plain,
        "pages": issue.pages(language),
        "material": issue.material(municipality, language),
        "municipality": municipality,
        "search_url": absolute(reverse("search:material")),
    }


# --- Into the queue -------------------------------------------------------------------------------


def queue_issue(issue, subscriber):
    """Put one reader's copy into the queue. Returns the `Email`."""
    with override(subscriber.language), speaking_as(site_of(subscriber.municipality)):
        values = issue_values(
            issue,
            language=subscriber.language,
            municipality=subscriber.municipality,
            email=subscriber.email,
            manage_url=absolute(
                reverse("inspiration:subscription", args=[subscriber.manage_token])
            ),
            unsubscribe_url=absolute(
                reverse("inspiration:unsubscribe", args=[subscriber.manage_token])
            ),
        )
        return queue(
            "newsletter",
            values,
            to=subscriber.email,
            headers={
                "List-Unsubscribe": f"<{values['unsubscribe_url']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-Id": f"{phrase(site_name())} <nyhetsbrev.{host()}>",
                "Precedence": "bulk",
            },
            priority=PRIORITY.low,
        )


def queue_test(issue, user, *, language):
    """Put a copy for the one who writes the issue into the queue. Nothing is ended by its links."""
    with override(language):
        about = absolute(reverse("inspiration:newsletter"))
        values = issue_values(
            issue,
            language=language,
            municipality=issue.newsletter.municipalities.first(),
            email=user.email,
            manage_url=about,
            unsubscribe_url=about,
        )
        values["subject"] = _("Test: %(subject)s") % {"subject": values["subject"]}
        return queue("newsletter", values, to=user.email)


def queue_confirmation(subscriber, *, language):
    """Ask whether an address wants the newsletter; subscribers get a link to change it."""
    with override(language):
        token = subscriber.confirm_token
        values = email_context(
            language=language,
            email=subscriber.email,
            manage_url=absolute(
                reverse("inspiration:subscription", args=[subscriber.manage_token])
            ),
            unsubscribe_url="",
        ) | {
            "url": absolute(reverse("inspiration:confirm", args=[token])),
            "days": Subscriber.CONFIRM_WITHIN.days,
            "municipality": subscriber.municipality,
        }
        if subscriber.is_active:
            values |= {"subject": _("You already get the newsletter"), "url": values["manage_url"]}
            return queue("newsletter_already", values, to=subscriber.email)
        values["subject"] = _("Do you want the newsletter?")
        return queue("newsletter_confirm", values, to=subscriber.email)


def queue(name, values, *, to, headers=None, priority=PRIORITY.medium):
    message = compose(
        to=to,
        values=values,
        text=f"email/{name}.txt",
        html=f"email/{name}.html",
        headers=headers,
    )
    if settings.BOUNCE_ADDRESS:
        # Servers return what they cannot deliver here; readers see the usual sender.
        message.extra_headers["From"] = message.from_email
        message.from_email = settings.BOUNCE_ADDRESS
    return mail_queue.queue(message, priority=priority)


def phrase(text):
    """`text` as the words of a header, encoded where they are not ASCII; nothing else of it is."""
    return Header(text, "utf-8").encode(maxlinelen=0) if not text.isascii() else f'"{text}"'


def host():
    return settings.WAGTAILADMIN_BASE_URL.split("://")[-1].split("/")[0].split(":")[0]


# --- Preview --------------------------------------------------------------------------------------


@preview_of(Newsletter)
def preview(newsletter, request, language):
    """How the issue looks to a reader in the first chosen municipality, as a page."""
    if not newsletter.texts.all():
        return HttpResponse(_("Write a subject first."), content_type="text/plain; charset=utf-8")
    municipalities = list(newsletter.municipalities.all())
    with override(language):
        values = issue_values(
            Issue(newsletter),
            language=language,
            municipality=municipalities[0] if municipalities else None,
            email=_("name@example.org"),
            manage_url="#",
            unsubscribe_url="#",
        )
        response = HttpResponse(as_html("email/newsletter.html", values))
    # A mail carries its styles in itself, which pages of the site may not.
    # `_csp_update` is how django-csp wants it.
    response._csp_update = {"style-src": [UNSAFE_INLINE]}  # type: ignore[attr-defined]
    return response
