"""Public pages of the exchange."""

from django.shortcuts import render


def listing(request, pk, slug):
    return render(request, "base.html")


def my_page(request):
    return render(request, "base.html")
