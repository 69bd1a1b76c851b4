"""Pupils' ideas: the class's form, the teacher's decision, the company's answer."""

import io
from http import HTTPStatus

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.exchange.handovers.models import Handover
from marketplace.ideas import services as ideas_services
from marketplace.ideas.forms import IdeaForm
from marketplace.ideas.models import Idea, IdeaInvitation
from marketplace.ideas.permissions import can_answer_idea, can_invite_class, can_see_idea
from marketplace.ideas.services import (
    TooManyIdeas,
    adopt_idea,
    approve_idea,
    count_try,
    invite_class,
    receive_idea,
    reject_idea,
    revoke_invitation,
    thank,
)
from marketplace.listings.photos.forms import PhotoSet
from marketplace.listings.photos.models import PhotoUpload
from marketplace.organisations.models import Organisation
from marketplace.organisations.permissions import acting_organisation
from marketplace.review.errors import ExchangeError
from marketplace.threads.forms import MessageForm
from portal.foundation.throttling import device_of


def public_list(request):
    """The ideas that editors have published."""
    published = Idea.objects.published().for_cards()
    page = Paginator(published, 24).get_page(request.GET.get("sida"))
    return render(request, "marketplace/ideas/idea_list.html", {"page": page})


def _receive(request, invitation, form, photos):
    """Keep the idea; returns whether that is done. Otherwise the form says why not."""
    try:
        receive_idea(
            invitation=invitation,
            idea=form.save(commit=False),
            images=photos.named(form.cleaned_data["title"]),
            device=device_of(request),
        )
    except ExchangeError as error:
        form.add_error(None, str(error))
        return False
    PhotoUpload.objects.filter(image__in=photos.images).delete()
    return True


@never_cache
def send(request, token):
    """The class's own page: no account, nothing else to reach from it."""
    parties = ("handover__listing", "handover__giver", "handover__receiver")
    invitation = IdeaInvitation.objects.select_related(*parties).filter(token=token).first()
    if invitation is None or not invitation.is_valid:
        status = HTTPStatus.GONE if invitation else HTTPStatus.NOT_FOUND
        return render(request, "marketplace/ideas/idea_link_closed.html", status=status)
    form = IdeaForm()
    photos = PhotoSet(maximum=Idea.MAX_PHOTOS)
    if request.method == "POST":
        try:
            # Before any picture is kept.
            count_try(invitation=invitation, device=device_of(request))
        except TooManyIdeas as error:
            form = IdeaForm(initial=request.POST.dict())
            status = HTTPStatus.TOO_MANY_REQUESTS
            return send_page(request, invitation, form, photos, refusal=error, status=status)
        photos = PhotoSet.from_request(
            request, maximum=Idea.MAX_PHOTOS, purpose=f"idea:{invitation.pk}"
        )
        if PhotoSet.only_photos(request):
            form = IdeaForm(initial=request.POST.dict())
        else:
            form = IdeaForm(request.POST, has_photos=bool(photos.images))
            if (
                form.is_valid()
                and not photos.errors
                and _receive(request, invitation, form, photos)
            ):
                return redirect(f"{request.path}?tack")
    elif "tack" in request.GET:
        return render(
            request,
            "marketplace/ideas/idea_sent.html",
            {"again": request.path, "invitation": invitation},
        )
    return send_page(request, invitation, form, photos)


def send_page(request, invitation, form, photos, *, refusal="", status=HTTPStatus.OK):
    return render(
        request,
        "marketplace/ideas/idea_send.html",
        {"invitation": invitation, "form": form, "photos": photos, "refusal": refusal},
        status=status,
    )


@login_required
def own_list(request):
    """The ideas of one's own pupils, and those about what one has given."""
    organisation = acting_organisation(request)
    if organisation is None:
        return redirect("marketplace:my_page")
    found = Idea.objects.to_company(organisation) | Idea.objects.from_school(organisation)
    page = Paginator(found.for_cards(), 24).get_page(request.GET.get("sida"))
    handovers = (
        Handover.objects.filter(receiver__in=Organisation.objects.known_as(organisation))
        # A link that was opened can be closed also after the handover was corrected.
        .filter(Q(pk__in=Handover.objects.standing()) | Q(idea_invitation__isnull=False))
        .select_related("listing", "giver", "idea_invitation")
        .order_by("-handed_over_on")[:20]
    )
    return render(
        request,
        "marketplace/ideas/idea_own_list.html",
        {"organisation": organisation, "page": page, "handovers": handovers},
    )


def idea(request, pk):
    """One idea: for its school and company with what can be done, for others when published."""
    found = get_object_or_404(Idea.objects.for_cards(), pk=pk)
    may_see = can_see_idea(request.user, found)
    if not may_see:
        if not found.live:
            raise Http404
        return render(request, "marketplace/ideas/idea_public.html", {"idea": found})
    return own_page(request, found, MessageForm())


def own_page(request, found, form):
    """An idea for those who have to do with it, with what they can do and what was said."""
    return render(
        request,
        "marketplace/ideas/idea.html",
        {
            "idea": found,
            "may_decide": can_invite_class(request.user, found.handover),
            "may_answer": can_answer_idea(request.user, found),
            "thread": found.messages.with_authors(),
            "form": form,
        },
    )


@login_required
@require_POST
def act(request, pk):
    """What the teacher or the company does with an idea; `action` says which."""
    found = get_object_or_404(Idea.objects.for_cards(), pk=pk)
    action = request.POST.get("action")
    teacher = can_invite_class(request.user, found.handover)
    company = can_answer_idea(request.user, found)
    class_told = _("Done. The class is told through its teacher.")
    actions = {
        "approve": (teacher, approve_idea, _("The company has received the idea.")),
        "stop": (teacher, reject_idea, _("The idea has been stopped. The company is not told.")),
        "thank": (company, thank, class_told),
        "take_further": (company, adopt_idea, class_told),
    }
    if action == "write":
        return write(request, found, teacher=teacher, company=company)
    allowed, service, said = actions.get(action, (False, None, ""))
    if not allowed or service is None:
        raise PermissionDenied
    try:
        service(idea=found, by=request.user)
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("marketplace:idea", pk=found.pk)


def write(request, found, *, teacher, company):
    if not (teacher or company):
        raise PermissionDenied
    form = MessageForm(request.POST)
    if not form.is_valid():
        return own_page(request, found, form)
    ideas_services.write(
        idea=found,
        by=request.user,
        organisation=found.handover.receiver if teacher else found.handover.giver,
        text=form.cleaned_data["text"],
    )
    messages.success(request, _("Sent."))
    return redirect("marketplace:idea", pk=found.pk)


@login_required
def invitation(request, pk):
    """The class's link with its QR code, for the teacher to show, print, open and close."""
    handover = get_object_or_404(
        Handover.objects.select_related("receiver", "giver", "listing"), pk=pk
    )
    if not can_invite_class(request.user, handover):
        raise PermissionDenied
    current = IdeaInvitation.objects.filter(handover=handover).first()
    if request.method == "POST":
        if request.POST.get("action") == "revoke" and current:
            revoke_invitation(invitation=current)
            messages.success(request, _("The link is closed."))
        else:
            invite_class(handover=handover, by=request.user)
        return redirect("marketplace:idea_invitation", pk=pk)
    address = request.build_absolute_uri(current.get_absolute_url()) if current else ""
    return render(
        request,
        "marketplace/ideas/idea_invitation.html",
        {"handover": handover, "invitation": current, "address": address},
    )


@login_required
def invitation_qr(request, pk):
    """The QR code of the class's link, as SVG."""
    current = get_object_or_404(
        IdeaInvitation.objects.valid().select_related("handover__receiver"), handover_id=pk
    )
    if not can_invite_class(request.user, current.handover):
        raise PermissionDenied
    image = io.BytesIO()
    address = request.build_absolute_uri(current.get_absolute_url())
    segno.make(address).save(image, kind="svg", scale=8, border=2)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
