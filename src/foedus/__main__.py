"""`python -m foedus` is the command `foedus`."""

import sys

from foedus.cli import main

sys.exit(main())
