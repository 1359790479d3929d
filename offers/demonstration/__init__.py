"""The demonstration's local offers: their text in our own words, and editions published by the services.

Safe to run again: a section somebody has written in is left alone, and an edition goes on from where it stands.
"""
