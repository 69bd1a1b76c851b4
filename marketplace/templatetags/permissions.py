"""The predicates of `marketplace.permissions` by the same names: `{% can_offer user as ok %}`.

`{{ organisation|shown_to:user }}` is its name, or only where it is.
"""

from collections.abc import Callable

from django import template

from marketplace.exchange.reservations.permissions import (
    can_answer,
    can_cancel,
    can_confirm_handover,
    can_leave_note,
    can_prolong,
    can_propose_pickup,
    can_see_reservation,
    can_write_message,
)
from marketplace.exchange.waiting_list.permissions import can_see_waiting_place
from marketplace.ideas.permissions import can_answer_idea, can_invite_class, can_see_idea
from marketplace.impact.permissions import (
    can_record_collaboration,
    can_report_purchases,
    can_see_effect_statement,
)
from marketplace.listings.permissions import can_edit_listing, can_request, can_see_contact
from marketplace.offers.permissions import can_import_listings
from marketplace.organisations.permissions import can_offer, is_administrator, is_member
from marketplace.organisations.scoping import shown_name
from marketplace.wanted.permissions import (
    can_answer_wanted_ad,
    can_edit_wanted_ad,
    can_post_wanted_ad,
)

PREDICATES: list[Callable[..., bool]] = [
    can_import_listings,
    can_post_wanted_ad,
    can_edit_wanted_ad,
    can_answer_wanted_ad,
    can_invite_class,
    can_see_idea,
    can_answer_idea,
    can_offer,
    can_edit_listing,
    can_request,
    can_record_collaboration,
    can_report_purchases,
    can_see_effect_statement,
    can_see_contact,
    can_see_reservation,
    can_answer,
    can_cancel,
    can_prolong,
    can_write_message,
    can_leave_note,
    can_propose_pickup,
    can_confirm_handover,
    is_member,
    is_administrator,
    can_see_waiting_place,
]


register = template.Library()


for predicate in PREDICATES:
    register.simple_tag(predicate)


register.filter("shown_to", shown_name)
