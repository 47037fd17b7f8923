"""What the desk hands over: feedback by the course's own template, sheets, and the class at a glance."""

from __future__ import annotations

import http.client
import io
import zipfile
from pathlib import Path

from support.desk_server import Served, desk, make_class


def raw(served: Served, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request("GET", path, headers={"Cookie": f"auditor-desk-{served.port}={served.token}"})
    answer = connection.getresponse()
    assert answer.status == 200
    return answer.read()


def test_feedback_for_one_and_for_all(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        served.decide("group-2", "M17.ci", action="overrule", verdict="supported", note="only for staff")
        status, body, headers = served.ask("/group/group-2/feedback.md")
        assert status == 200 and body.startswith("# Feedback to Group 2\n\nDear Ada Lind,")
        assert headers["content-disposition"] == 'attachment; filename="group-2.md"'
        assert headers["content-type"].startswith("text/markdown")
        assert "Logging of events" in body and "Continuous integration" not in body and "only for staff" not in body
        with zipfile.ZipFile(io.BytesIO(raw(served, "/feedback.zip"))) as files:
            assert files.namelist() == [f"feedback/group-{name}.md" for name in ("1", "2", "10", "30")]
            assert files.read("feedback/group-2.md").decode() == body


def test_the_courses_own_template_and_a_broken_one(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        template = tmp_path / "feedback.md.j2"
        template.write_text("Hej {{ group }}: {{ not_shown | length }}\n", encoding="utf-8")
        assert served.ask("/group/group-2/feedback.md")[1] == "Hej Group 2: 3\n"
        template.write_text("{{ nobody }}", encoding="utf-8")
        status, body, _ = served.ask("/group/group-2/feedback")
        assert status == 500 and "the template for feedback" in body and "Traceback" not in body
        template.unlink()
        assert served.ask("/group/group-2/feedback")[0] == 200


def test_sheets_and_the_class_follow_decisions(tmp_path: Path) -> None:
    with desk(make_class(tmp_path)) as served:
        assert "M17.ci" in served.ask("/group/group-2/sheet")[1]
        served.decide("group-2", "M17.ci", action="overrule", verdict="supported")
        served.decide("group-2", "M8.dvc", action="oral", note="ask Bo")
        sheet = served.ask("/group/group-2/sheet")[1]
        assert "M17.ci" not in sheet and "M8.dvc" in sheet and "dana: ask Bo" in sheet
        page = served.ask("/class")[1]
        assert 'title="M17.ci: confirmed, decided"><a href="/group/group-2/claim/M17.ci">✓*</a>' in page
        assert "Not audited:" in page and "<b>2</b> of 7 decided" in page
