"""Judges every listing by the rules of safety that came with this version."""

from django.core.management.base import BaseCommand

from marketplace.listings.models import MaterialListing
from marketplace.safety.rules import fits_from


class Command(BaseCommand):
    help = "Bring what listings keep of the safety rules in step with the rules. Safe to run again."

    def handle(self, **options):
        changed = 0
        for listing in MaterialListing.objects.iterator(chunk_size=500):
            age = fits_from(listing.answers)
            if age != listing.fits_from_age:
                MaterialListing.objects.filter(pk=listing.pk).update(fits_from_age=age)
                changed += 1
        self.stdout.write(f"Judged again: {changed} listings.")
