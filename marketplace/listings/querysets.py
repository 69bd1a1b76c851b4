"""Which listings are published, in time, open to whom, and how near."""

from datetime import timedelta
from math import cos, radians

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Prefetch, Q, Value, When
from django.db.models.functions import Cast, Sqrt
from django.utils import timezone
from wagtail.models import WorkflowState

from marketplace.materials.models import translated_name
from marketplace.organisations.homes import home_of
from marketplace.organisations.models import OfOrganisationQuerySet, Organisation
from marketplace.translations.source import in_readers_language

KM_PER_DEGREE = 111.2
DAY = Value(timedelta(days=1), output_field=models.DurationField())


def is_open_to_all(now=None):
    """The condition that everybody sees a listing: see `Municipality.own_first_days`."""
    days = Cast("organisation__municipality__own_first_days", models.IntegerField())
    moment = Value(now or timezone.now(), output_field=models.DateTimeField())
    held_since = ExpressionWrapper(
        moment - ExpressionWrapper(days * DAY, models.DurationField()), models.DateTimeField()
    )
    return (
        Q(organisation__type=Organisation.Type.COMPANY)
        | Q(first_published_at=None)
        | Q(first_published_at__lte=held_since)
    )


class MaterialListingQuerySet(OfOrganisationQuerySet):
    def published(self):
        return self.filter(live=True)

    def in_time(self, day=None):
        """Not yet past the last day. A listing whose first day lies ahead counts as in time."""
        day = day or timezone.localdate()
        return self.filter(Q(available_until=None) | Q(available_until__gte=day))

    def fitting(self, age):
        """What suits children from `age` years on, by the rules of safety."""
        return self.filter(fits_from_age__lte=age)

    def available_to_some(self, day=None):
        """What somebody can ask for: published, open, in time, from an approved giver, some left.

        Also what only the giver's own municipality sees yet: for indexes and for staff. What
        people are shown is `available` or `available_to`.
        """
        return (
            self.published()
            .in_time(day)
            .filter(
                organisation__approval="approved",
                stock__closed_at=None,
                stock__offered__gt=F("stock__reserved") + F("stock__collected"),
            )
        )

    def available(self, day=None):
        """What everybody can ask for."""
        return self.available_to_some(day).open_to_all()

    def available_to(self, user, day=None):
        """What `user` can ask for, or would see offered: also what is theirs to see first."""
        return self.available_to_some(day).seen_by(user)

    def open_to_all(self, now=None):
        """All but what a municipal unit gives and only its own municipality sees yet."""
        return self.filter(is_open_to_all(now))

    def seen_by(self, user, now=None):
        """What `user` may see: what is open to all, and what is theirs or their municipality's."""
        home = home_of(user)
        if home is None:
            return self
        own = Q(organisation__in=home.organisations)
        here = Q(organisation__municipality__in=home.municipalities)
        return self.filter(is_open_to_all(now) | own | here)

    def archived(self, day=None):
        """Published once, but closed, past the last day, or with nothing left."""
        day = day or timezone.localdate()
        return self.filter(first_published_at__isnull=False).filter(
            Q(live=False)
            | Q(available_until__lt=day)
            | Q(stock__closed_at__isnull=False)
            | Q(stock__offered__lte=F("stock__collected"))
        )

    def changes_requested(self):
        """Those that an editor has asked the giver to change."""
        reviews = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(self.model),
            status=WorkflowState.STATUS_NEEDS_CHANGES,
        ).annotate(listing_pk=Cast("object_id", models.BigIntegerField()))
        return self.filter(pk__in=reviews.values("listing_pk"))

    def count_to(self, most):
        """How many there are, or `most` + 1 where there are more: counting them takes no longer."""
        return self.order_by()[: most + 1].count()

    def newest(self):
        return self.order_by("-first_published_at", "-pk")

    def nearest_to(self, position):
        """In order of `distance_km` from (latitude, longitude), as on a plane: good enough here."""
        latitude, longitude = map(float, position)
        own = Q(organisation__latitude__isnull=False, organisation__longitude__isnull=False)

        def degrees(name):
            return Case(
                When(own, then=Cast(F(f"organisation__{name}"), models.FloatField())),
                default=Cast(F(f"organisation__municipality__{name}"), models.FloatField()),
            )

        north = (degrees("latitude") - latitude) * KM_PER_DEGREE
        east = (degrees("longitude") - longitude) * (KM_PER_DEGREE * cos(radians(latitude)))
        return self.annotate(
            distance_km=Sqrt(north * north + east * east, output_field=models.FloatField())
        ).order_by("distance_km", "-first_published_at", "-pk")

    def for_cards(self):
        """Everything that a list of cards shows, in a constant number of queries."""
        return self.in_words().prefetch_related(*self.photos())

    def in_words(self):
        """All that a card shows but the photos."""
        return (
            self.select_related("organisation__municipality", "category__parent__parent", "stock")
            .annotate(category_name=translated_name("category__"))
            .prefetch_related(*in_readers_language())
        )

    def photos(self):
        """What to prefetch for the photos of listings."""
        photos = apps.get_model("marketplace", "ListingPhoto").objects
        return (
            Prefetch("photos", photos.select_related("image")),
            "photos__image__renditions",
        )
