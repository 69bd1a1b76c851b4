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

from marketplace import ideas, permissions
from marketplace.errors import ExchangeError
from marketplace.forms.ideas import IdeaForm, MessageForm
from marketplace.forms.photos import PhotoSet
from marketplace.models import Handover, Idea, IdeaInvitation, Organisation, PhotoUpload


def public_list(request):
    """The ideas that editors have published."""
    published = Idea.objects.published().for_cards()
    page = Paginator(published, 24).get_page(request.GET.get("sida"))
    return render(request, "marketplace/idea_list.html", {"page": page})


@never_cache
def send(request, token):
    """The class's own page: no account, nothing else to reach from it."""
    invitation = (
        IdeaInvitation.objects.select_related("handover__listing", "handover__giver")
        .filter(token=token)
        .first()
    )
    if invitation is None or not invitation.is_valid:
        status = HTTPStatus.GONE if invitation else HTTPStatus.NOT_FOUND
        return render(request, "marketplace/idea_link_closed.html", status=status)
    form = IdeaForm()
    photos = PhotoSet(maximum=Idea.MAX_PHOTOS)
    if request.method == "POST":
        try:
            # Before any picture is kept.
            ideas.count_try(invitation=invitation)
        except ideas.TooManyIdeas as error:
            form = IdeaForm(initial=request.POST.dict())
            return send_page(
                request,
                invitation,
                form,
                photos,
                refusal=error,
                status=HTTPStatus.TOO_MANY_REQUESTS,
            )
        photos = PhotoSet.from_request(request, maximum=Idea.MAX_PHOTOS)
        if PhotoSet.only_photos(request):
            form = IdeaForm(initial=request.POST.dict())
        else:
            form = IdeaForm(request.POST, has_photos=bool(photos.images))
            if form.is_valid() and not photos.errors:
                photos.name_images(form.cleaned_data["title"])
                try:
                    ideas.receive_idea(
                        invitation=invitation,
                        idea=form.save(commit=False),
                        images=photos.images,
                    )
                except ExchangeError as error:
                    form.add_error(None, str(error))
                else:
                    PhotoUpload.objects.filter(image__in=photos.images).delete()
                    return redirect(f"{request.path}?tack")
    elif "tack" in request.GET:
        return render(request, "marketplace/idea_sent.html", {"again": request.path})
    return send_page(request, invitation, form, photos)


def send_page(request, invitation, form, photos, *, refusal="", status=HTTPStatus.OK):
    return render(
        request,
        "marketplace/idea_send.html",
        {"invitation": invitation, "form": form, "photos": photos, "refusal": refusal},
        status=status,
    )


@login_required
def own_list(request):
    """The ideas of one's school, or those that one's company has been sent."""
    organisation = permissions.acting_organisation(request)
    if organisation is None:
        return redirect("marketplace:my_page")
    found = (
        Idea.objects.to_company(organisation)
        if organisation.is_company
        else Idea.objects.from_school(organisation)
    )
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
        "marketplace/idea_own_list.html",
        {"organisation": organisation, "page": page, "handovers": handovers},
    )


def idea(request, pk):
    """One idea: for its school and company with what can be done, for others when published."""
    found = get_object_or_404(Idea.objects.for_cards(), pk=pk)
    may_see = permissions.can_see_idea(request.user, found)
    if not may_see:
        if not found.live:
            raise Http404
        return render(request, "marketplace/idea_public.html", {"idea": found})
    return render(
        request,
        "marketplace/idea.html",
        {
            "idea": found,
            "may_decide": permissions.can_invite_class(request.user, found.handover),
            "may_answer": permissions.can_answer_idea(request.user, found),
            "thread": found.messages.select_related("organisation", "author"),
            "form": MessageForm(),
        },
    )


@login_required
@require_POST
def act(request, pk):
    """What the teacher or the company does with an idea; `action` says which."""
    found = get_object_or_404(Idea.objects.for_cards(), pk=pk)
    action = request.POST.get("action")
    teacher = permissions.can_invite_class(request.user, found.handover)
    company = permissions.can_answer_idea(request.user, found)
    class_told = _("Done. The class is told through its teacher.")
    actions = {
        "approve": (teacher, ideas.let_through, _("The company has got the idea.")),
        "stop": (teacher, ideas.stop, _("The idea is stopped. The company is told nothing.")),
        "thank": (company, ideas.thank, class_told),
        "take_further": (company, ideas.take_further, class_told),
    }
    if action == "write":
        return write(request, found, teacher=teacher, company=company)
    allowed, service, said = actions.get(action, (False, None, ""))
    if not allowed:
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
    if form.is_valid():
        ideas.write(
            idea=found,
            by=request.user,
            organisation=found.handover.receiver if teacher else found.handover.giver,
            text=form.cleaned_data["text"],
        )
        messages.success(request, _("Sent."))
    else:
        messages.error(request, _("Write something first."))
    return redirect("marketplace:idea", pk=found.pk)


@login_required
def invitation(request, pk):
    """The class's link with its QR code, for the teacher to show, print, open and close."""
    handover = get_object_or_404(
        Handover.objects.select_related("receiver", "giver", "listing"), pk=pk
    )
    if not permissions.can_invite_class(request.user, handover):
        raise PermissionDenied
    current = IdeaInvitation.objects.filter(handover=handover).first()
    if request.method == "POST":
        if request.POST.get("action") == "revoke" and current:
            ideas.revoke_invitation(invitation=current)
            messages.success(request, _("The link is closed."))
        else:
            ideas.invite_class(handover=handover, by=request.user)
        return redirect("marketplace:idea_invitation", pk=pk)
    address = request.build_absolute_uri(current.get_absolute_url()) if current else ""
    return render(
        request,
        "marketplace/idea_invitation.html",
        {"handover": handover, "invitation": current, "address": address},
    )


@login_required
def invitation_qr(request, pk):
    """The QR code of the class's link, as SVG."""
    current = get_object_or_404(
        IdeaInvitation.objects.valid().select_related("handover__receiver"), handover_id=pk
    )
    if not permissions.can_invite_class(request.user, current.handover):
        raise PermissionDenied
    image = io.BytesIO()
    address = request.build_absolute_uri(current.get_absolute_url())
    segno.make(address).save(image, kind="svg", scale=8, border=2)
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")
