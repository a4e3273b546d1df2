"""`python -m fc_distilabel`: the same as the command `fc-distilabel`."""

import sys

from fc_distilabel.cli import main

if __name__ == "__main__":
    sys.exit(main())
