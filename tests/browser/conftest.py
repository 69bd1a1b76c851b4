"""What the browser tests share."""

import pytest
from django.core.management import call_command


@pytest.fixture
def portal(transactional_db):
    """The portal as `setup_portal` leaves it."""
    from wagtail.models import Collection, Locale, Page

    # A transactional test starts without what Wagtail's migrations put in.
    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    call_command("setup_portal", verbosity=0)


# What a thumb does, counted by the page itself: a press counts as one, choosing in a list or among
# the phone's photos as one more than the press that opened it. Typing counts as fields written in.
COUNTER = """
const WRITTEN = 'input:not([type=checkbox], [type=radio], [type=file], [type=submit]), textarea';
const counted = () => JSON.parse(sessionStorage.getItem('counted') ?? '{"taps": 0, "written": []}');
const keep = (now) => sessionStorage.setItem('counted', JSON.stringify(now));
const tap = (times) => { const now = counted(); now.taps += times; keep(now); };
addEventListener('click', (event) => {
  // A label passes its press on to its field, which is one press and not two.
  if (event.isTrusted && event.detail && !event.target.closest(`${WRITTEN}, select`)) tap(1);
}, true);
addEventListener('change', ({ target }) => {
  if (target.matches('select')) tap(2);
  if (target.matches('input[type=file]')) tap(1);
}, true);
addEventListener('input', ({ target }) => {
  const now = counted();
  if (target.matches(WRITTEN) && !now.written.includes(target.name)) now.written.push(target.name);
  keep(now);
}, true);
"""


@pytest.fixture
def counted(phone):
    """A function that tells (how often the thumb has pressed, how many fields were written in)."""
    phone.add_init_script(COUNTER)

    def tell():
        found = phone.evaluate("JSON.parse(sessionStorage.getItem('counted'))")
        return found["taps"], len(found["written"])

    return tell
