"""A class run's folder made by hand, and the desk over it as a process of its own; all names are invented."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from auditor.batch.site import write_outputs
from auditor.evidence import Place, Trace, Weight
from auditor.records import Record, field, replace
from auditor.result.audit import AuditResult, Finding, GivenAnswer, PartResult
from auditor.result.class_run import GroupAudit
from support.page_samples import HOSTILE, WEB, A, C, D, N, Q, U, audit, hostile_audit

EVIL = HOSTILE[1]
FINDINGS: dict[str, tuple[Finding, ...]] = {
    "1": (C, C, C, C, Q, N),
    "2": (C, Q, D, D, D, U),
    "10": (C, C, D, C, A, N),
}
OPEN = 7
"""Questions of these groups; the hostile one adds its own."""

PROSE = (
    "We log every epoch with the logging module. It writes to a file.\n"
    "We did not keep any metrics. <script>document.title = 'taken'</script> **bold**"
)


def answered(result: AuditResult, text: str = PROSE) -> AuditResult:
    """The audit with an answer to the question on logging, which denies a claim, and with traces that were set aside."""
    path = result.report.path or "reports/README.md"
    answer = GivenAnswer("debugging", 16, path, 88, text, ("reports/figures/loss.png",), ("M14.logging",))
    near = Trace(Place("src/buoy/train.py", 7, "logger.info(loss)"), Weight.NOT, "nothing calls it")
    parts = (PartResult("calls", "missing", (), "calls of a logger", traces=(near,)),)
    claims = tuple(
        replace(one, parts=parts, against=(Place(path, 89, "We did not keep any metrics."),))
        if one.id == "M14.logging" and one.finding is D
        else one
        for one in result.claims
    )
    return replace(result, report=replace(result.report, answers=(answer,)), claims=claims)


def make_class(out: Path, *, hostile: bool = False) -> Path:
    """A class of three, or with a hostile fourth, as `auditor batch` leaves it."""
    out.mkdir(parents=True, exist_ok=True)
    groups = [GroupAudit(name, ("Ada Lind",), WEB, answered(audit(findings))) for name, findings in FINDINGS.items()]
    if hostile:
        groups.append(GroupAudit(EVIL, (EVIL,), EVIL, answered(hostile_audit(EVIL), EVIL * 3), notes=(EVIL,)))
    groups.append(GroupAudit("30", ("Finn Aas",), "https://github.com/example/gone", None, "not found"))
    write_outputs(out, "Example course", None, lambda: iter(groups))
    return out


class Served(Record):
    """A desk that runs: its process, where it is, and the token that it printed."""

    process: subprocess.Popen[str]
    port: int
    token: str
    out: Path
    csrf: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def entrance(self) -> str:
        return f"{self.address}/?token={self.token}"

    def ask(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """Status, body and headers of one request, as the desk's own page would send it where nothing else is said."""
        given = {"Cookie": f"auditor-desk-{self.port}={self.token}", **(headers or {})}
        body = None
        if form is not None:
            given = {"Origin": self.address, "Content-Type": "application/x-www-form-urlencoded", **given}
            body = urlencode(form)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET" if body is None else "POST", path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def form(self, page: str, claim: str, **fields: str) -> dict[str, str]:
        """What the form on a claim's page sends, as it stands there now."""
        _, body, _ = self.ask(f"/group/{page}/claim/{claim}")
        decision = body[body.index('id="decision"') :]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', decision))
        return {**hidden, "action": "confirm", "note": "", **fields}

    def decide(self, page: str, claim: str, **fields: str) -> tuple[int, str, Mapping[str, str]]:
        """Decide on a claim."""
        return self.ask("/decide", self.form(page, claim, **fields))


@contextmanager
def desk(out: Path, *options: str) -> Iterator[Served]:
    """The desk over the folder `out`, ended by Ctrl-C."""
    words = [sys.executable, "-m", "auditor", "serve", str(out), "--no-browser", "--by", "dana", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", line)
        assert found, line + process.stderr.read()
        yield Served(process, int(found[1]), found[2], out)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
