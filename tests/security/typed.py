"""What a browser would send from the forms of a page."""

from bs4 import BeautifulSoup


def value_of(field):
    if field.name == "textarea":
        return field.get_text()
    if field.name == "select":
        options = field.find_all("option")
        chosen = [each for each in options if each.has_attr("selected")] or options[:1]
        return chosen[0].get("value", "") if chosen else ""
    return field.get("value", "")


def fields_of(form):
    """The names and the values that a browser would send, and the names of files."""
    typed, files = {}, []
    for field in form.find_all(["input", "select", "textarea", "button"]):
        type, name = field.get("type", "text"), field.get("name")
        if not name:
            continue
        if type == "file":
            files.append(name)
        elif type not in ("checkbox", "radio") or field.has_attr("checked"):
            typed.setdefault(name, value_of(field))
        else:
            typed.setdefault(name, "")
    return typed, files


def forms_in(content):
    """The forms of a page, as (method, action or nothing, values, names of files)."""
    return [
        (form.get("method", "get").lower(), form.get("action", ""), *fields_of(form))
        for form in BeautifulSoup(content, "html.parser").find_all("form")
    ]
