"""A listing as visitors see it."""

from django.shortcuts import render


def listing(request, pk, slug):
    return render(request, "base.html")
