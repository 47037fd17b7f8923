"""`python -m auditor`."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.path and (sys.path[0] == "" or Path(sys.path[0]).resolve() == Path.cwd()):
    # Python puts the current folder first, and that may be the audited repository: nothing may be imported from there.
    del sys.path[0]

from auditor.cli import main

if __name__ == "__main__":
    main()
