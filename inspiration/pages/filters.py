"""What a list of pages can be narrowed by, and in which order it comes."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.models import Page

from inspiration.lessons.curriculum import AgeGroup, PreschoolGoal, Subject
from marketplace.materials.models import MaterialCategory
from marketplace.municipalities.models import Municipality
from portal.foundation.collation import by_name
from portal.foundation.text_types import StrOrPromise

TAGS_OFFERED = 20
SORTS = {
    "": _("Newest first"),
    "titel": _("In alphabetical order"),
    "tid": _("Shortest time first"),
}


class ListFilter:
    """One way to narrow a list: a parameter of the address with one value.

    `labels` is {value: label} of all that may be asked for, `used` the values that some page of the
    list has, so that nobody is led to an empty list.
    """

    name: str = ""
    label: StrOrPromise = ""
    # Whether the labels are words of people's own, in the site's main language.
    is_written = False

    def labels(self):
        raise NotImplementedError

    def used(self, listed):
        return self.labels().keys()

    def options(self, listed, chosen):
        """[(value, label)] to choose among: what some page has, and what is `chosen`."""
        used = self.used(listed) | {chosen}
        return [option for option in self.labels().items() if option[0] in used]

    def narrow(self, pages, value):
        raise NotImplementedError


class Listed(ListFilter):
    """Pages that keep a list of codes, one of which is asked for."""

    def __init__(self, name, label, field, choices):
        self.name, self.label, self.field, self.known = name, label, field, choices

    def labels(self):
        return dict(self.known)

    def used(self, listed):
        return {value for row in listed.codes for value in row[self.field] or ()}

    def narrow(self, pages, value):
        # As text, because SQLite cannot look into a list.
        text = f"{self.name}_text"
        return pages.annotate(**{text: Cast(self.field, TextField())}).filter(
            **{f"{text}__contains": f'"{value}"'}
        )


class OfMaterial(ListFilter):
    """Lesson ideas that need the material and stories about it, with all that lies below it."""

    name, label = "material", _("Material")

    def labels(self):
        names = {}
        rows = MaterialCategory.objects.order_by(by_name())
        for slug, name, language in rows.values_list("slug", "name", "locale__language_code"):
            if language == get_language() or slug not in names:
                names[slug] = name
        return dict(sorted(names.items(), key=lambda item: item[1].casefold()))

    def used(self, listed):
        needed = listed.all.values("lessonideapage__materials__category")
        told = listed.all.values("casestorypage__category")
        own = MaterialCategory.objects.filter(Q(pk__in=needed) | Q(pk__in=told))
        return {slug for pair in own.values_list("slug", "parent__slug") for slug in pair}

    def narrow(self, pages, value):
        below = MaterialCategory.objects.with_descendants(slugs=[value]).values("pk")
        needing = Page.objects.filter(lessonideapage__materials__category__in=below)
        return pages.filter(Q(pk__in=needing.values("pk")) | Q(casestorypage__category__in=below))


class WithinTime(ListFilter):
    name, label = "tid", _("Time")

    def labels(self):
        return {
            "30": _("Up to half an hour"),
            "60": _("Up to an hour"),
            "120": _("Up to two hours"),
        }

    def narrow(self, pages, value):
        return pages.filter(lessonideapage__duration_minutes__lte=int(value))


class InMunicipality(ListFilter):
    """Stories with a company or a school there."""

    name, label = "kommun", _("Municipality")
    # From a page to the municipalities that it has to do with.
    paths: tuple[str, ...] = (
        "casestorypage__company__municipality",
        "casestorypage__school__municipality",
    )

    def labels(self):
        return dict(Municipality.objects.values_list("slug", "name"))

    def options(self, listed, chosen):
        here = Q(slug=chosen)
        for path in self.paths:
            here |= Q(pk__in=listed.all.order_by().values(path))
        return list(Municipality.objects.filter(here).values_list("slug", "name"))

    def narrow(self, pages, value):
        here = Q()
        for path in self.paths:
            here |= Q(**{f"{path}__slug": value})
        return pages.filter(here)


class WithTag(ListFilter):
    """Pages with a word; those that most pages have are offered."""

    name, label = "tagg", _("About")
    is_written = True

    def labels(self):
        return dict(Tag.objects.order_by(by_name()).values_list("slug", "name"))

    def used(self, listed):
        tagged = listed.all.exclude(tagged_pages=None)
        counts = Counter(tagged.values_list("tagged_pages__tag__slug", flat=True))
        return {slug for slug, _count in counts.most_common(TAGS_OFFERED)}

    def narrow(self, pages, value):
        tagged = Page.objects.filter(tagged_pages__tag__slug=value)
        return pages.filter(pk__in=tagged.values("pk"))


class InState(ListFilter):
    """Campaigns that run, begin later, or are over."""

    name, label = "lage", _("When")

    def labels(self):
        return {"nu": _("Going on now"), "snart": _("Starts soon"), "slut": _("Over")}

    def narrow(self, pages, value):
        return pages.filter(in_state()[value])


class EventTime(ListFilter):
    """Events that are still to come, or over."""

    name, label = "nar", _("When")

    def labels(self):
        return {"kommande": _("Coming"), "tidigare": _("Over")}

    def narrow(self, pages, value):
        over = {"eventpage__ends_at__lte": timezone.now()}
        return pages.filter(**over) if value == "tidigare" else pages.exclude(**over)


class OfEventKind(ListFilter):
    """Hand-out days, openings, workshops or study visits."""

    name, label = "sort", _("Kind")

    def labels(self):
        # The kinds of `EventPage`, whose module stands on this one.
        return {
            "hand_out": _("Hand-out day"),
            "opening": _("Opening"),
            "workshop": _("Workshop"),
            "study_visit": _("Study visit"),
        }

    def used(self, listed):
        return set(listed.all.values_list("eventpage__event_type", flat=True))

    def narrow(self, pages, value):
        return pages.filter(eventpage__event_type=value)


class EventPlace(InMunicipality):
    """Events in a municipality."""

    paths = ("eventpage__municipality",)


def in_state():
    """{state: condition on a page's campaign} as of today."""
    today = timezone.localdate()
    return {
        "nu": Q(campaignpage__starts_on__lte=today, campaignpage__ends_on__gte=today),
        "snart": Q(campaignpage__starts_on__gt=today),
        "slut": Q(campaignpage__ends_on__lt=today),
    }


# Filters of a list with pages of these types.
FILTERS: dict[str, list[ListFilter]] = {
    "lessonideapage": [
        Listed("alder", _("Age"), "lessonideapage__age_groups", AgeGroup.choices),
        Listed("amne", _("School subject"), "lessonideapage__subjects", Subject.choices),
        Listed("mal", _("Goal area"), "lessonideapage__preschool_goals", PreschoolGoal.choices),
        OfMaterial(),
        WithinTime(),
    ],
    "casestorypage": [OfMaterial(), InMunicipality()],
    "articlepage": [WithTag()],
    "campaignpage": [InState()],
    "eventpage": [EventTime(), OfEventKind(), EventPlace()],
}


@dataclass(frozen=True)
class Choice:
    """A filter as the form shows it: a select with the value chosen."""

    name: str
    label: StrOrPromise
    options: list
    value: str
    is_written: bool = False


class PageList:
    """The pages of a list as an address asks for them. What it asks wrongly is left out."""

    def __init__(self, pages, params):
        self.all = pages
        kinds = pages.order_by().values_list("content_type__model").annotate(Count("pk"))
        self.numbers = dict(kinds)
        models = self.numbers.keys()
        self.sorts = {
            value: label
            for value, label in SORTS.items()
            if value != "tid" or "lessonideapage" in models
        }
        self.sort = params.get("ordning", "") if params.get("ordning") in self.sorts else ""
        self.filters: dict[str, ListFilter] = {}
        self.chosen: dict[str, str] = {}
        for model in FILTERS.keys() & models:
            self.filters |= {each.name: each for each in FILTERS[model]}
        for name, each in self.filters.items():
            value = params.get(name, "")
            if value and value in each.labels():
                self.chosen[name] = value

    @property
    def has_ideas(self):
        """Whether lesson ideas are among them, which one may ask for a group of children."""
        return "lessonideapage" in self.numbers

    @property
    def pages(self):
        """The pages that are left, in order."""
        pages = self.all
        for name, value in self.chosen.items():
            pages = self.filters[name].narrow(pages, value)
        return in_order(pages, self.sort)

    @cached_property
    def codes(self):
        """For each page, {field: list of codes} of all the filters that are `Listed`."""
        fields = [each.field for each in self.filters.values() if isinstance(each, Listed)]
        return list(self.all.order_by().values(*fields))

    def paginator(self, per_page):
        """The pages in parts. How many there are is known already where nothing narrows them."""
        paginator = Paginator(self.pages, per_page)
        if not self.chosen:
            paginator.count = sum(self.numbers.values())
        return paginator

    @property
    def choices(self):
        """A `Choice` per filter that there is something to choose in."""
        choices = []
        for order in FILTERS.values():
            for each in order:
                if self.filters.get(each.name) is not each:
                    continue
                value = self.chosen.get(each.name, "")
                options = each.options(self, value)
                if len(options) > 1 or value:
                    choices.append(Choice(each.name, each.label, options, value, each.is_written))
        return choices


def in_order(pages, sort=""):
    """Campaigns that run and events that come are first, what is over last; else the newest."""
    if sort == "titel":
        return pages.order_by("title", "pk")
    if sort == "tid":
        shortest = F("lessonideapage__duration_minutes").asc(nulls_last=True)
        return pages.order_by(shortest, "title", "pk")
    states = in_state()
    urgency = Case(
        When(states["nu"], then=Value(0)),
        When(states["snart"], then=Value(1)),
        When(states["slut"], then=Value(2)),
        When(eventpage__ends_at__lte=timezone.now(), then=Value(2)),
        default=Value(0),
        output_field=IntegerField(),
    )
    coming = When(eventpage__ends_at__gt=timezone.now(), then=F("eventpage__starts_at"))
    soonest = Case(coming, default=None, output_field=DateTimeField())
    latest = F("eventpage__starts_at").desc(nulls_last=True)
    return pages.order_by(
        urgency, soonest.asc(nulls_last=True), latest, "-first_published_at", "-pk"
    )
