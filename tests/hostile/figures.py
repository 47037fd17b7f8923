"""What each case costs and whether it holds: `PYTHONPATH=tests python -m hostile.figures [NAME]...`, for cases whose name holds one of the names."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from hostile.checks import faults
from hostile.driving import Driver
from hostile.ground import Grounds
from hostile.known_failures import reason
from hostile.registry import FORMS, PLAIN, all_cases
from hostile.shown import read_page


def main(names: list[str]) -> None:
    cases = [case for case in all_cases() if not names or any(name in case.full_name for name in names)]
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        grounds = Grounds(Path(folder))
        warm = grounds.ground(PLAIN).repository
        driver = Driver(warm)
        honest = {form: driver.audit(warm, form) for form in FORMS}
        model = read_page(honest["work tree"].outputs["html"])
        for case in cases:
            started = time.monotonic()
            try:
                ground = grounds.ground(case)
            except Exception as error:
                sys.stdout.write(f"fails: cannot be made: {case.full_name}: {error!r}\n"[:1500])
                continue
            making = time.monotonic() - started
            for form in case.forms:
                outcome = driver.audit(ground.repository, form, case.seconds, case.folder)
                found = faults(case, outcome, honest[form], model)
                if not grounds.unchanged(case):
                    found.append("the ground was changed")
                known = reason(case.full_name, form)
                verdict = ("known" if known else "FAILS") if found else ("HOLDS" if known else "holds")
                line = f"{verdict} {outcome.status:8} {outcome.seconds:6.2f} of {case.seconds:4.1f} s (pace {outcome.pace:.1f}) {outcome.memory >> 20:5} MiB  made in {making:5.2f} s  {case.full_name} ({form})\n"
                sys.stdout.write(line + "".join(f"      {fault[:1500]}\n" for fault in found[:12]))
                if "-v" in sys.argv:
                    sys.stdout.write(
                        "".join(
                            f"      . {path}: {text}\n".encode("utf-8", "replace").decode()
                            for path, text in outcome.problems[:20]
                        )
                        + f"      . {outcome.message[:500]}\n"
                    )
                sys.stdout.flush()
            grounds.drop(case)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if not name.startswith("-")])
