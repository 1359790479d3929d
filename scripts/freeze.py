"""`make freeze`: writes constraints.txt, the exact version of every package that the requirements bring
along.
"""

import subprocess

from steps import ROOT, VENV_PYTHON, main_of

HEADER = """\
# Every package that requirements.txt and requirements-dev.txt bring along, at the version they were tested
# with.
# Written by `make freeze`. To raise a pin: change it there, take its line out here, `make setup`, `make
# freeze`.
"""


def main() -> None:
    frozen = subprocess.run([VENV_PYTHON, "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    (ROOT / "constraints.txt").write_text(HEADER + frozen)


if __name__ == "__main__":
    main_of(main)
