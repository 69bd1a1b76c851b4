"""What to suggest while somebody types."""

from django.urls import reverse
from django.utils.http import urlencode

from marketplace.models import MaterialCategory
from portal.collation import by_name

from .models import SearchEntry

LIMIT = 8


def suggestions(text, *, language):
    """At most eight {"text", "url"}: kinds of material first, then things whose name fits."""
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    found = []
    categories = MaterialCategory.objects.filter(
        locale__language_code=language, name__icontains=text
    ).order_by(by_name())
    for category in categories[:4]:
        found.append(
            {
                "text": category.name,
                "url": f"{reverse('search:material')}?{urlencode({'kategori': category.slug})}",
            }
        )
    entries = (
        SearchEntry.objects.visible()
        .in_language(language)
        .filter(title__icontains=text)
        .order_by("-published_at")
    )
    for title, url in entries.values_list("title", "url")[: LIMIT - len(found)]:
        found.append({"text": title, "url": url})
    return found
