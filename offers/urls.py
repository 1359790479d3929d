"""Addresses of the room: what the public reads, and under `write/` what staff write."""

from django.urls import URLPattern

app_name = "offers"
urlpatterns: list[URLPattern] = []
