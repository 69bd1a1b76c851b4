"""Every limit on how often something may be done, in one place, with its reason.

Read by allauth's limiter, which counts in the store named `limits` (see `portal.foundation`). A
rate is "times/period/per", several with commas; `ip` is the visitor's network address, `user` the
person signed in, `key` whatever the caller counts by. The narrowest comes first: who is refused by
it is not counted by the wider ones, so that one of a thousand behind a school's address cannot use
up what the others need.

All are read by people through a browser or a program of a municipality; nobody who does one thing
at a time meets them.
"""

# --- Forms ----------------------------------------------------------------------------------------
# Each has a rate per device (`_device`: the person, or else the browser) and one per address.
FORMS = {
    # A browser that mistypes a code or an address tries again a few times, not dozens.
    "account_device": "20/10m/key",
    # Browsers that have never been here, and get a number of their own to be counted by. Those over
    # it are counted by address and browser, as are those that take no cookies.
    "new_device": "1200/h/ip",
    # Allauth's own, wide enough for a whole school that is introduced to the portal on one day.
    "login": "600/h/ip",
    "signup": "300/h/ip",
    # What guards one account comes first; the address is only against trying many accounts.
    "login_failed": "5/5m/key,300/h/ip",
    "request_login_code": "3/m/key,10/h/key,30/d/key,600/h/ip",
    "reset_password": "2/m/key,5/h/key,10/d/key,60/h/ip",
    "reset_password_from_key": "60/h/ip",
    # Somebody who looks after a few schools; an introduction for a municipality's preschools.
    "organisation_device": "5/h/key,10/d/key",
    "organisation": "100/d/ip",
    "newsletter_device": "5/h/key",
    # On the day of a campaign a whole town hall may ask for it.
    "newsletter": "300/h/ip",
    "form_page_device": "10/h/key",
    "form_page": "300/h/ip",
    # Pages that say what to correct, kept for an hour so that one can go back to them. Anyone over
    # it gets the page all the same, and it is not kept: 24 MB at most for an address.
    "answer_device": "60/h/key",
    "answer": "600/h/ip",
    # Who looks through a whole list and finds several that are wrong. Each is mail to every editor.
    "report_device": "10/h/key",
}

# --- The class's link -----------------------------------------------------------------------------
# A pupil adds and removes photos, each of which is a try.
CLASS_LINK = {
    "class_link_device": "40/h/key",
    "class_link_idea": "10/h/key",
    # Devices that have not tried before, per link: three classes of 30, and some that share badly.
    "class_link_new_device": "100/h/key",
}

# --- The driver's link ----------------------------------------------------------------------------
DRIVER_LINK = {
    # A phone that was away for a day sends everything at once, and some of it again.
    "driver_link": "400/h/key",
}

# --- Reading --------------------------------------------------------------------------------------
# Short periods, so that who hurries waits seconds and not minutes.
READING = {
    "search_device": "30/10s/key",
    # A thousand people behind one address who all search within a minute: 17 a second.
    "search": "400/10s/ip",
    "api": "120/m/ip",
    # Each new period of days is computed; nobody compares dozens of them.
    "effect_device": "60/10m/key",
    "effect": "600/10m/ip",
    # Kits that are put together, and PDFs of lesson ideas: each is worked out when it is asked for.
    "kit_device": "60/10m/key",
    "kit": "1200/10m/ip",
    # Questions of one visitor that count in the public figures.
    "counted_searches": "60/d/key",
    # And those of one address, whatever its browsers call themselves. Searching goes on beyond it.
    "counted_searches_address": "300/d/ip",
    # Taps at the shelves of a hub, and scanned cards: a class that empties a shelf.
    "hub_device": "60/10m/key",
    "hub": "600/10m/ip",
}

# --- Pictures and files ---------------------------------------------------------------------------
UPLOADS = {
    # Signed out: the photos of three offers. Signed in: those of a large delivery.
    "photo_device": "24/h/key,48/d/key",
    "photo_address": "600/d/ip",
    "photo_organisation": "200/h/key,500/d/key",
    # A purchase or a stock list is sent again after each correction.
    "import_organisation": "20/h/key,40/d/key",
    # Lists of schools that one of the staff sends, each of up to 20,000 rows.
    "import_person": "20/h/key,40/d/key",
    "draft_device": "60/h/key",
    "draft": "600/h/ip",
}

# --- Mail -----------------------------------------------------------------------------------------
MAIL = {
    # Nobody reads more than this in a day; what is over stays in the inbox on the site.
    "mail_recipient": "60/h/key,200/d/key",
    # Codes are counted apart, so that no flood of other mail keeps somebody from signing in.
    "mail_account": "10/h/key,30/d/key",
    # Who has not confirmed the address has not asked for mail from us.
    "mail_stranger": "5/h/key,10/d/key",
    # What one person does in a busy day, such as answering every request for a large stock.
    "mail_sender": "100/h/key,300/d/key",
    "mail_staff": "1000/h/key,5000/d/key",
    "mail_organisation": "200/h/key,600/d/key",
    # An organisation that nobody has looked at yet invites the colleagues next door.
    "mail_pending_invitation": "5/d/key",
    "mail_invitation": "30/d/key",
    # Mail to people who have not confirmed, caused from one network address: a training day.
    "mail_strangers_of_address": "400/h/ip,1000/d/ip",
}

# --- Phones ---------------------------------------------------------------------------------------
PHONES = {
    # A phone that buzzes more often is one whose owner turns it off; the rest is in the inbox.
    "phone_push": "30/h/key,150/d/key",
    # Each text costs money: what one person can need in a day, and all of them together.
    "phone_text": "10/d/key",
    "phone_texts_of_site": "200/h/key,1000/d/key",
    # Codes to a number that somebody has typed, which may be anybody's.
    "phone_code": "3/h/key,6/d/key",
    "phone_code_number": "3/d/key",
}

RATES = FORMS | CLASS_LINK | DRIVER_LINK | READING | UPLOADS | MAIL | PHONES
