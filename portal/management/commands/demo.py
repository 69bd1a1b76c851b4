"""Builds the site that one wants to show, once."""

import logging
from random import Random

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from marketplace.listings.models import MaterialListing
from marketplace.notifications.models import MailPreference
from marketplace.signals import send_listing_changed
from portal.foundation.users.models import User
from portal.site.demo.calendar import Year
from portal.site.demo.history import History
from portal.site.demo.material import (
    create_images,
    create_listings,
    create_wanted_ads,
    send_for_review,
)
from portal.site.demo.measured import Measured
from portal.site.demo.people import (
    PASSWORD,
    SIGN_INS,
    accept_terms,
    create_organisations,
    create_sign_ins,
    import_school_units,
    is_loaded,
    set_goals,
)
from portal.site.demo.placed import Placed
from portal.site.demo.reach import Reach
from portal.site.demo.searches import create_searches
from portal.site.demo.site import DemoPages
from portal.site.demo.tips import create_tips
from portal.site.demo.together import ask_for_several
from portal.site.demo.translated_texts import create_translated_texts
from portal.site.demo.translations import create_translations
from portal.site.demo.transport import Transport

SEED = 20260101


class Command(BaseCommand):
    help = (
        "Build the demo site: organisations, listings, a year of handovers, pages in two "
        "languages, and one sign-in per role. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--print-logins", action="store_true", help="Only print the demo sign-ins."
        )
        parser.add_argument(
            "--here",
            action="store_true",
            help="Also where DEBUG is off. The sign-ins have a password that everybody knows.",
        )

    def handle(self, *, print_logins, here, **options):
        if print_logins:
            self.print_logins()
        elif not is_loaded():
            if not (settings.DEBUG or here):
                raise CommandError(
                    "The demo creates an administrator with a known password. Run it on a server "
                    "that holds nothing else, with --here."
                )
            self.stdout.write("Building the demo site, which takes a minute…")
            # Wagtail logs each thing that is edited, and here that is everything.
            logging.getLogger("wagtail").setLevel(logging.WARNING)
            with override("sv"):
                self.build()
            self.stdout.write(self.style.SUCCESS("The demo site is ready."))

    def print_logins(self):
        if not is_loaded():
            self.stdout.write("There is no demo here.")
            return
        self.stdout.write(f"Demo sign-ins, all with the password {PASSWORD}")
        for sign_in in SIGN_INS:
            self.stdout.write(f"  {sign_in.email:<26} {sign_in.role}")

    def build(self):
        call_command("setup_portal", verbosity=0)
        call_command("load_reference_data", verbosity=0, stdout=self.stdout)
        build()


def build():
    """All or nothing, and without mail to people who do not exist."""
    with transaction.atomic():
        year = Year(timezone.localdate(), Random(SEED))  # noqa: S311  # not a secret
        organisations = create_organisations()
        import_school_units()
        set_goals(timezone.localdate().year)
        sign_ins = create_sign_ins(organisations)
        accept_terms()
        mute()
        images = create_images()
        listings = create_listings(organisations=organisations, images=images, year=year)
        History(organisations=organisations, listings=listings, year=year).build()
        create_wanted_ads(organisations=organisations, listings=listings, year=year)
        Transport(organisations=organisations, listings=listings, year=year).build()
        ask_for_several(receiver=sign_ins["skola"].organisations.get(), by=sign_ins["skola"])
        send_for_review(listings, editor=sign_ins["redaktor"])
        DemoPages(
            images=images, organisations=organisations, owner=sign_ins["redaktor"], year=year
        ).build()
        create_translations(translator=sign_ins["redaktor"], editor=sign_ins["admin"])
        create_translated_texts(translator=sign_ins["redaktor"], editor=sign_ins["admin"])
        create_tips(organisations=organisations, images=images, year=year)
        Reach(organisations=organisations, sender=sign_ins["kommunikator"], year=year).build()
        Placed(organisations=organisations, owner=sign_ins["redaktor"], year=year).build()
        create_searches(year)
        Measured(organisations=organisations, decider=sign_ins["admin"], year=year).build()
        for pk in MaterialListing.objects.values_list("pk", flat=True):
            send_listing_changed(pk)
    unmute()


def mute():
    """Nobody gets mail about what the demo does; what they would have heard is in the inbox."""
    never = MailPreference.Frequency.NEVER
    MailPreference.objects.bulk_create(
        MailPreference(user=user, frequency=never) for user in User.objects.all()
    )


def unmute():
    MailPreference.objects.all().delete()
