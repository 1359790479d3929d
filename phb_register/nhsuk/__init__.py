"""NHS design system for Django: components, form fields and a crispy-forms template pack.

Stands alone: it knows nothing of this project, so that it can be published by itself.
"""
