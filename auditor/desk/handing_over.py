"""What can be taken from the desk: a group's sheet, the texts for groups, figures, and the desk's own styles and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from auditor.batch.class_folder import ClassFolder
from auditor.batch.feedback_files import feedback_template, packed_feedback
from auditor.batch.figures import Figures
from auditor.desk.pages import static_file, version_of
from auditor.output.feedback.feedback import feedback_text
from auditor.output.oral_exam.sheet import exam_sheet, sheet_policy

if TYPE_CHECKING:
    from starlette.requests import Request

STATIC = {
    "pages.css": "text/css; charset=utf-8",
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


class HandingOver:
    """The handlers that give files. Every one is made from the class as it stands at that moment."""

    def __init__(self, folder: ClassFolder, figures: Figures) -> None:
        self.folder, self.figures = folder, figures

    def sheet(self, request: Request) -> Response:
        """The sheet of a group for its oral exam."""
        group, _ = self.folder.now().by_page[request.path_params["page"]]
        policy = {"content-security-policy": f"{sheet_policy()}; frame-ancestors 'none'"}
        return Response(exam_sheet(group), media_type="text/html", headers=policy)

    def feedback_file(self, request: Request) -> Response:
        """The text for a group as a file."""
        page = request.path_params["page"]
        group, _ = self.folder.now().by_page[page]
        text = feedback_text(group, feedback_template(self.folder.out))
        return download(text.encode("utf-8", "replace"), "text/markdown; charset=utf-8", f"{page}.md")

    def all_feedback(self, request: Request) -> Response:
        """The texts for all groups, in one file."""
        groups = [(page, group) for page, (group, _) in self.folder.now().by_page.items()]
        packed = packed_feedback(groups, feedback_template(self.folder.out))
        return download(packed, "application/zip", "feedback.zip")

    def figure(self, request: Request) -> Response:
        """A figure of a group's answers, where it is an image that cannot hold a script."""
        group, _ = self.folder.now().by_page[request.path_params["page"]]
        found = self.figures.image(group, request.path_params["number"])
        if found is None:
            return Response("This figure cannot be shown.", 404, media_type="text/plain")
        policy = {"content-security-policy": "default-src 'none'; sandbox", "cache-control": "private, max-age=3600"}
        return Response(found.content, media_type=found.media_type, headers=policy)

    def static(self, request: Request) -> Response:
        """A style or script of the desk's own."""
        name = request.path_params["name"]
        if name not in STATIC:
            return Response("There is no such file.", 404, media_type="text/plain")
        kept = {"cache-control": "private, max-age=31536000, immutable"}
        return Response(static_file(name), media_type=STATIC[name], headers=kept)


def versions() -> dict[str, str]:
    """What stands behind the addresses of static files."""
    return {name: version_of(name) for name in STATIC}


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep. Its name is one of the class's pages: letters, digits and hyphens."""
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
