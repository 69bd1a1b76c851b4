"""The answer to "do you have some?": from the mail with one tap."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.wanted.questions.models import GiverQuestion
from marketplace.wanted.questions.services import answer_question, read_token


@never_cache
def question(request, token):
    """Reached from the mail, signed in or not. Looking at it changes nothing: mail readers do."""
    found = read_token(token)
    if found is None:
        raise Http404
    ad = found.wanted_ad
    answer = request.POST.get("svar", "")
    if request.method == "POST" and answer in GiverQuestion.Answer.values:
        answer_question(question=found, answer=answer)
        if answer == GiverQuestion.Answer.HAVE and ad.is_open:
            offer = reverse("marketplace:offer")
            return redirect(f"{offer}?{urlencode({'efterlysning': ad.pk})}")
        messages.success(
            request,
            _("Thank you. You are not asked about this kind of material again.")
            if answer == GiverQuestion.Answer.NEVER
            else _("Thank you for the answer."),
        )
        return redirect(request.path)
    return render(
        request,
        "marketplace/wanted/questions/question.html",
        {"question": found, "wanted_ad": ad, "answers": GiverQuestion.Answer.choices},
    )
