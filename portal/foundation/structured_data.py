"""What pages tell search engines in the words of schema.org."""


def breadcrumb_list(request, items, title):
    """The way to a page: `items` are {url, title} from the start on, `title` is the page itself."""
    steps = [*items, {"url": request.path, "title": title}]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": str(step["title"]),
                "item": request.build_absolute_uri(step["url"]),
            }
            for position, step in enumerate(steps, start=1)
        ],
    }


def picture(image):
    """{"image": address} of a picture as it is shared, or nothing."""
    if image is None:
        return {}
    return {"image": image.get_rendition("fill-1200x630|format-jpeg").full_url}
