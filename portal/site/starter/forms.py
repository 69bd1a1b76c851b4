"""The form that starts the site of another region."""

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Site

from marketplace.municipalities.models import Municipality
from portal.foundation.form_fields import model_choice_field
from portal.foundation.images.forms import PictureFormField
from portal.foundation.site_settings.models import SiteSettings
from portal.site.starter.services import NewSite, starter_terms
from portal.site.terms.models import TermsVersion

SETTINGS = (
    "name",
    "tagline",
    "tagline_en",
    "admin_title",
    "accent_colour",
    "accent_colour_dark",
    "languages",
    "contact_name",
    "contact_email",
    "contact_phone",
    "sender_email",
)
SECTIONS = (
    (_("Name and address"), ("name", "address", "tagline", "tagline_en", "admin_title")),
    (_("Look"), ("logo", "accent_colour", "accent_colour_dark")),
    (_("Who takes part"), ("municipalities", "languages")),
    (_("Contact and mail"), ("contact_name", "contact_email", "contact_phone", "sender_email")),
    (_("Terms of use"), ("terms_sv", "terms_en")),
)


def default_port() -> int:
    """The port of a host that is written without one: that of the installation."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    return address.port or (443 if address.scheme == "https" else 80)


class NewSiteForm(forms.ModelForm):
    """All that a site needs before its first visitor. The start content comes by itself."""

    address = forms.CharField(
        label=_("Address"),
        max_length=255,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$",
                _("Write only the host name, such as aterbruk.example.se."),
            )
        ],
        help_text=_(
            "The host name that visitors type, such as aterbruk.example.se. The "
            "person who runs the server points it here."
        ),
    )
    logo = PictureFormField(
        label=_("Logo"), required=False, help_text=_("A picture file. It may come later.")
    )
    municipalities = forms.ModelMultipleChoiceField(
        queryset=Municipality.objects.none(),
        label=_("Municipalities"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "They move here from the site that they take part in now. One that is missing is "
            "added under Municipalities first."
        ),
    )

    class Meta:
        model = SiteSettings
        fields = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model_choice_field(self, "municipalities").queryset = Municipality.objects.all()
        self.initial["name"] = ""
        self.initial["languages"] = [code for code, _name in settings.LANGUAGES]
        for language, text in starter_terms().items():
            self.fields[f"terms_{language}"] = self.terms_field(f"text_{language}")
            self.initial[f"terms_{language}"] = text
        for name in ("accent_colour", "accent_colour_dark"):
            self.fields[name].widget.attrs["placeholder"] = "#1f5c4a"

    def terms_field(self, name: str) -> forms.Field:
        """The field of the terms called `name`. Its editor is no input that a label could name."""
        column = cast(RichTextField, TermsVersion._meta.get_field(name))
        found = column.formfield()
        found.widget.options = found.widget.options | {"ariaLabel": str(found.label)}
        return found

    def sections(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        for title, names in SECTIONS:
            yield title, [self[name] for name in names]

    def clean_address(self) -> tuple[str, int]:
        host, _colon, port = self.cleaned_data["address"].lower().partition(":")
        number = int(port) if port else default_port()
        if Site.objects.filter(hostname=host, port=number).exists():
            raise ValidationError(_("There is a site at that address already."))
        return host, number

    def clean_languages(self) -> list[str]:
        chosen = self.cleaned_data["languages"]
        if settings.LANGUAGE_CODE not in chosen:
            raise ValidationError(_("Every site starts in Swedish, so Swedish must be included."))
        return chosen

    def clean_municipalities(self) -> Any:
        """Every other site keeps one: with none chosen, it would be all of them."""
        chosen = self.cleaned_data["municipalities"]
        for site in Site.objects.all():
            if not Municipality.objects.for_site(site).exclude(pk__in=chosen).exists():
                raise ValidationError(
                    _("No municipality would be left at %(site)s. Leave it at least one."),
                    params={"site": site.hostname},
                )
        return chosen

    def new_site(self) -> NewSite:
        """What has been filled in."""
        values = self.cleaned_data
        hostname, port = values["address"]
        return NewSite(
            name=values["name"],
            hostname=hostname,
            port=port,
            languages=values["languages"],
            municipalities=values["municipalities"],
            terms={"sv": values["terms_sv"], "en": values["terms_en"]},
            logo=values["logo"],
            settings={name: values[name] for name in SETTINGS if name not in ("name", "languages")},
        )
