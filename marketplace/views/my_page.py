"""My page: what is asked of me, my listings and my reservations."""

from django.shortcuts import render


def my_page(request):
    return render(request, "base.html")
