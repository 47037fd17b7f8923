"""`scripts/fingerprint_template.py` as a module: scripts are no package."""

from __future__ import annotations

import importlib.util

from support.checkout import ROOT

SCRIPT = ROOT / "scripts" / "fingerprint_template.py"
specification = importlib.util.spec_from_file_location("fingerprint_template", SCRIPT)
assert specification is not None and specification.loader is not None
module = importlib.util.module_from_spec(specification)
specification.loader.exec_module(module)

fingerprint, main, merged, role_of, write = module.fingerprint, module.main, module.merged, module.role_of, module.write
