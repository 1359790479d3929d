"""`make bench`: measures the main pages on the demonstration, which is loaded first where it is missing."""

import os
import subprocess
import sys

import serve
import setup
from steps import ROOT, VENV_PYTHON, main_of


def main() -> int:
    os.chdir(ROOT)
    serve.load_demonstration(setup.database_folder())
    return subprocess.run([VENV_PYTHON, "manage.py", "bench", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    main_of(main)
