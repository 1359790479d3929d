"""Settings: `base` is what every place shares, strict by default; `local`, `test` and `production` say how
they differ.
"""
