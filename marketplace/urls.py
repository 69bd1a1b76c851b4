"""Addresses of the exchange (see the design: they are fixed)."""

from django.urls import path

from .views import effect, ideas, inbox, listing, my_page, offer, organisations, reservations, wanted

app_name = "marketplace"

urlpatterns = [
    path("effekt/", effect.effect, name="effect"),
    path("effekt/faktorer/", effect.factors, name="effect_factors"),
    path("effekt/data.csv", effect.data_csv, name="effect_csv"),
    path("effekt/data.json", effect.data_json, name="effect_json"),
    path("effekt/data.csv-metadata.json", effect.data_schema, name="effect_schema"),
    path("effekt/dcat.rdf", effect.dcat, name="effect_dcat"),
    path("material/erbjud/", offer.offer, name="offer"),
    path("material/<int:pk>/andra/", offer.edit, name="offer_edit"),
    path("material/<int:pk>/igen/", offer.copy, name="offer_again"),
    path("material/<int:pk>/avsluta/", offer.withdraw, name="withdraw"),
    path("material/<int:pk>/oppna/", offer.reopen, name="reopen"),
    path("material/<int:pk>/boka/", reservations.reserve, name="reserve"),
    path("material/<int:pk>/<slug:slug>/", listing.listing, name="listing"),
    path("efterlysningar/", wanted.wanted_list, name="wanted_list"),
    path("efterlysningar/ny/", wanted.wanted_edit, name="wanted_new"),
    path("efterlysningar/<int:pk>/andra/", wanted.wanted_edit, name="wanted_edit"),
    path("efterlysningar/<int:pk>/avsluta/", wanted.wanted_close, name="wanted_close"),
    path("efterlysningar/<int:pk>/", wanted.wanted_short, name="wanted_short"),
    path("efterlysningar/<int:pk>/<slug:slug>/", wanted.wanted_ad, name="wanted_ad"),
    path("ideer/", ideas.public_list, name="ideas"),
    path("ideer/<int:pk>/", ideas.idea, name="idea"),
    path("ideer/<int:pk>/gor/", ideas.act, name="idea_act"),
    path("ide/<str:token>/", ideas.send, name="idea_send"),
    path("mitt/ideer/", ideas.own_list, name="own_ideas"),
    path("mitt/overlamningar/<int:pk>/klassen/", ideas.invitation, name="idea_invitation"),
    path("mitt/overlamningar/<int:pk>/klassen/qr.svg", ideas.invitation_qr, name="idea_qr"),
    path("mitt/", my_page.my_page, name="my_page"),
    path("mitt/organisation/", organisations.organisation, name="organisation"),
    path("mitt/organisation/registrera/", organisations.register, name="organisation_register"),
    path("mitt/organisation/medlem/<int:pk>/", organisations.member, name="member"),
    path("mitt/organisation/valj/", my_page.act_for, name="act_for"),
    path("mitt/inkorg/", inbox.inbox, name="inbox"),
    path("mitt/inkorg/last/", inbox.mark_read, name="mark_read"),
    path("mitt/inkorg/<int:pk>/", inbox.open_notification, name="open_notification"),
    path("mitt/post/", inbox.own_mail_preference, name="own_mail_preference"),
    path("mitt/post/<str:token>/", inbox.mail_preference, name="mail_preference"),
    path("mitt/bokningar/<int:pk>/", reservations.reservation, name="reservation"),
    path("mitt/bokningar/<int:pk>/lova/", reservations.accept, name="accept"),
    path("mitt/bokningar/<int:pk>/neka/", reservations.decline, name="decline"),
    path("mitt/bokningar/<int:pk>/avboka/", reservations.cancel, name="cancel"),
    path("mitt/bokningar/<int:pk>/tid/", reservations.propose_pickup, name="propose_pickup"),
    path("mitt/bokningar/<int:pk>/tid/ja/", reservations.agree_pickup, name="agree_pickup"),
    path("mitt/bokningar/<int:pk>/meddelande/", reservations.message, name="message"),
    path(
        "mitt/bokningar/<int:pk>/overlamning/",
        reservations.confirm_handover,
        name="confirm_handover",
    ),
]
