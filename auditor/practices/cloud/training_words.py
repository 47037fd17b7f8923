"""Words by which commands, files and images say that they train."""

from __future__ import annotations

import re

from auditor.patterns import pattern

TRAINS = pattern(r"(^|[^a-z])(re)?(train|fine[-_ ]?tun)(er|ing|e)?([^a-z]|$)", re.IGNORECASE)
