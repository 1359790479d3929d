"""`make bench`: measures the demonstration, which is loaded first where it is missing, and a synthetic England.

England is measured at 200,000 and at a million people in place, which takes a quarter of an hour on an idle machine.
`--england 20000 --rows 20000` is quick; `--england 0` leaves it out.
"""

import argparse
import os
import subprocess

import serve
import setup
from steps import ROOT, VENV_PYTHON, main_of

SIZES = (200_000, 1_000_000)


def main() -> int:
    os.chdir(ROOT)
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--england", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rows", default="200000")
    given, others = parser.parse_known_args()
    serve.load_demonstration(setup.database_folder())
    sizes = [str(size) for size in given.england if size]
    measured = [others, ["--england", *sizes, "--rows", given.rows]] if sizes else [others]
    for arguments in measured:
        if failed := subprocess.run([VENV_PYTHON, "manage.py", "bench", *arguments], check=False).returncode:
            return failed
    return 0


if __name__ == "__main__":
    main_of(main)
