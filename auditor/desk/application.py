"""The desk as a web application: which address shows what, and what a form does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from auditor.batch.class_folder import ClassFolder, Standing
from auditor.batch.feedback_files import feedback_template
from auditor.batch.figures import Figures, figures_of, is_image
from auditor.desk.addresses import claim_address, queue_address
from auditor.desk.claim_screen import ClaimScreen, claim_screen
from auditor.desk.class_screen import HeatMap, class_screen, group_screen
from auditor.desk.deciding import Decider, Step, entry_on, mark_of
from auditor.desk.forms import form_of
from auditor.desk.guard import Guard, Keys
from auditor.desk.handing_over import HandingOver, versions
from auditor.desk.pages import rendered
from auditor.desk.questions import (
    ORDERS,
    STATES,
    Filters,
    Question,
    all_questions,
    around,
    progress,
    read_filters,
    wanted,
)
from auditor.desk.writing import OutputWriter
from auditor.errors import AuditError
from auditor.output.feedback.feedback import feedback_text
from auditor.output.words.wording import FINDINGS
from auditor.result.audit import Verdict
from auditor.result.class_run import GroupAudit
from auditor.review.decision_file import MeanwhileError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

SHOWN = 200
"""Questions on one page of the queue; the filters and "next" reach all of them."""
WAY_BACK = "The address may be of another class, or the class was audited anew."


class Desk:
    """The handlers of one desk. Every answer is made from the class as it stands at that moment."""

    def __init__(
        self, folder: ClassFolder, decider: Decider, writer: OutputWriter, keys: Keys, figures: Figures
    ) -> None:
        self.folder, self.decider, self.writer, self.keys, self.figures = folder, decider, writer, keys, figures
        self.heat = HeatMap()
        self._asked: tuple[Standing, list[Question]] | None = None

    def questions(self, standing: Standing) -> list[Question]:
        """What asks or asked for a decision; listed once for each state of the class."""
        asked = self._asked
        if asked is None or asked[0] is not standing:
            asked = self._asked = standing, list(all_questions(standing))
        return asked[1]

    def queue(self, request: Request) -> Response:
        """What is open, in an order, narrowed by the filters of the address."""
        standing, filters = self.folder.now(), read_filters(request.query_params)
        questions = self.questions(standing)
        found = wanted(questions, filters)
        deciders = sorted({one.claim.decision.by for one in questions if one.claim.decision and one.claim.decision.by})
        return self.page(
            "queue.html",
            standing,
            filters,
            title="Queue",
            found=found[:SHOWN],
            total=len(found),
            orders=ORDERS,
            states=STATES,
            deciders=deciders,
            groups=[(page, group.name) for page, (group, _) in standing.by_page.items()],
            modules=list(dict.fromkeys(claim.module for claim in standing.result.claims)),
        )

    def next(self, request: Request) -> Response:
        """The first question that is wanted; the queue where there is none."""
        standing, filters = self.folder.now(), read_filters(request.query_params)
        found = wanted(self.questions(standing), filters)
        return RedirectResponse(claim_address(found[0].key, filters) if found else queue_address(filters), 303)

    def claim(self, request: Request) -> Response:
        """One claim of one group."""
        return self.claim_page(request.path_params["page"], request.path_params["claim"], request.query_params)

    def claim_page(
        self,
        page: str,
        claim_id: str,
        query: Mapping[str, str],
        *,
        problem: str = "",
        status: int = 200,
        note: str = "",
    ) -> Response:
        """The page of one claim, with what went wrong where something did."""
        standing, filters = self.folder.now(), read_filters(query)
        screen = claim_screen(standing, page, claim_id)
        group, row = standing.by_page[page]
        return self.page(
            "decide.html",
            standing,
            filters,
            status=status,
            title=f"{claim_id}, {group.name}",
            screen=screen,
            view=screen.view,
            claim=screen.view.claim,
            group=group,
            row=row,
            slug=page,
            around=around(self.questions(standing), filters, page, claim_id),
            seen=mark_of(entry_on(standing, group.name, claim_id)),
            figures=self.figures_of(group, screen),
            verdicts=list(Verdict),
            finding_after={verdict: after(screen.view.claim.ticked, verdict) for verdict in Verdict},
            problem=problem,
            note=note,
            done=self.done(query),
        )

    def figures_of(self, group: GroupAudit, screen: ClaimScreen) -> list[tuple[int, str, str | None, bool]]:
        """The figures of the answer on screen: their numbers, paths, addresses, and whether they can be shown here."""
        if screen.answer is None:
            return []
        numbers = {path: number for number, path in reversed(list(enumerate(figures_of(group))))}
        here = self.figures.place(group.address) is not None
        return [(numbers[path], path, address, here and is_image(path)) for path, address in screen.answer.figures]

    async def decide(self, request: Request) -> Response:
        """Write a decision, and go on to the next question."""
        return await self.changed(request, self.decided)

    async def changed(self, request: Request, change: Callable[[Mapping[str, str]], Response]) -> Response:
        """The answer of `change` to the form that was sent, where that is one of this desk's own."""
        form = await form_of(request)
        if form is None or not self.is_ours(form):
            return Response("This form is not of this desk: go back and load the page again.", 403)
        return await run_in_threadpool(change, form)

    def decided(self, form: Mapping[str, str]) -> Response:
        """The answer to a decision: the next question, or the same one where somebody else was quicker."""
        query = dict(parse_qsl(form.get("filters", "")))
        page, claim_id = form.get("page", ""), form.get("claim", "")
        try:
            step = self.decider.act(form)
        except MeanwhileError as error:
            problem = "Somebody else decided on this claim since you opened it; nothing of yours was written. What stands there now is below."
            if error.entry is None:
                problem = "The decision on this claim was taken back since you opened it; nothing of yours was written."
            return self.claim_page(page, claim_id, query, problem=problem, status=409, note=form.get("note", ""))
        except AuditError as error:
            return self.claim_page(page, claim_id, query, problem=str(error), status=400, note=form.get("note", ""))
        self.writer.want()
        return self.after(step, read_filters(query), stay=form.get("action") == "remove")

    def after(self, step: Step, filters: Filters, *, stay: bool = False) -> Response:
        """On to the question after a step; back to the queue where none is left."""
        if stay:
            return RedirectResponse(claim_address(f"{step.page}/{step.claim}", filters, done="1"), 303)
        following = around(self.questions(self.folder.now()), filters, step.page, step.claim).after
        if following is None:
            return RedirectResponse(queue_address(filters, done="1"), 303)
        return RedirectResponse(claim_address(following.key, filters, done="1"), 303)

    async def undo(self, request: Request) -> Response:
        """Take the last step of this start back, and show its claim."""
        return await self.changed(request, self.undone)

    def undone(self, form: Mapping[str, str]) -> Response:
        """The answer to an undoing."""
        query = dict(parse_qsl(form.get("filters", "")))
        filters, last = read_filters(query), self.decider.last
        if last is None:
            return RedirectResponse(queue_address(filters), 303)
        try:
            self.decider.undo()
        except MeanwhileError:
            problem = "Somebody else decided on this claim after you: nothing was undone."
            return self.claim_page(last.page, last.claim, query, problem=problem, status=409)
        self.writer.want()
        return RedirectResponse(claim_address(f"{last.page}/{last.claim}", filters), 303)

    def group(self, request: Request) -> Response:
        """One group: its claims at a glance, and what can be handed over."""
        standing, page = self.folder.now(), request.path_params["page"]
        group, row = standing.by_page[page]
        context = group_screen(standing, page, self.questions(standing))
        return self.page(
            "desk_group.html",
            standing,
            Filters(group=page),
            title=group.name,
            group=group,
            row=row,
            slug=page,
            **context,
        )

    def feedback(self, request: Request) -> Response:
        """The text for a group, to read and copy."""
        standing, page = self.folder.now(), request.path_params["page"]
        group, _ = standing.by_page[page]
        text = feedback_text(group, feedback_template(self.folder.out))
        return self.page(
            "feedback.html", standing, Filters(), title=f"Feedback to {group.name}", group=group, slug=page, text=text
        )

    def school(self, request: Request) -> Response:
        """The class: heat map, progress, rates, equal files, keys."""
        standing = self.folder.now()
        return self.page(
            "desk_class.html",
            standing,
            Filters(),
            title="Class",
            **class_screen(standing, self.questions(standing), self.heat),
        )

    def missing(self, request: Request, error: Exception) -> Response:
        """There is no such page."""
        return self.page(
            "message.html", self.folder.now(), Filters(), status=404, title="Not there",
            text=f"There is no such page. {WAY_BACK}",
        )  # fmt: skip

    def broken(self, request: Request, error: Exception) -> Response:
        """What cannot be read or written, in one line."""
        return Response(
            rendered("alone.html", {"text": str(error), "versions": versions()}), 500, media_type="text/html"
        )

    def page(
        self, name: str, standing: Standing, filters: Filters, *, status: int = 200, title: str, **context: Any
    ) -> Response:
        """A page with what stands on every one."""
        questions = self.questions(standing)
        every = {
            "title": title,
            "school": standing.result,
            "single": len(standing.groups) == 1,
            "filters": filters,
            "progress": progress(questions),
            "by": self.decider.by,
            "csrf": self.keys.form,
            "last": self.decider.last,
            "versions": versions(),
            "problems": standing.decisions.problems,
            "claim_address": claim_address,
            "queue_address": queue_address,
        }
        return Response(rendered(name, every | context), status, media_type="text/html")

    def is_ours(self, form: Mapping[str, str]) -> bool:
        """Whether a form is one that this desk gave out."""
        from auditor.desk.guard import same

        return same(form.get("csrf", ""), self.keys.form)

    def done(self, query: Mapping[str, str]) -> Step | None:
        """The step that led here, to be told."""
        return self.decider.last if query.get("done") else None


def application(desk: Desk) -> ASGIApp:
    """The whole application, guarded."""
    files = HandingOver(desk.folder, desk.figures)
    found: list[tuple[str, Callable[..., Any], list[str]]] = [
        ("/", desk.queue, ["GET"]),
        ("/next", desk.next, ["GET"]),
        ("/decide", desk.decide, ["POST"]),
        ("/undo", desk.undo, ["POST"]),
        ("/class", desk.school, ["GET"]),
        ("/feedback.zip", files.all_feedback, ["GET"]),
        ("/static/{name}", files.static, ["GET"]),
        ("/group/{page}", desk.group, ["GET"]),
        ("/group/{page}/sheet", files.sheet, ["GET"]),
        ("/group/{page}/feedback", desk.feedback, ["GET"]),
        ("/group/{page}/feedback.md", files.feedback_file, ["GET"]),
        ("/group/{page}/figure/{number:int}", files.figure, ["GET"]),
        ("/group/{page}/claim/{claim}", desk.claim, ["GET"]),
    ]
    handlers: dict[Any, Any] = {404: desk.missing, KeyError: desk.missing, AuditError: desk.broken}
    return Guard(
        Starlette(
            routes=[Route(path, way, methods=methods) for path, way, methods in found], exception_handlers=handlers
        ),
        desk.keys,
    )


def after(ticked: bool | None, verdict: Verdict) -> str:
    """What follows from a verdict, in a word."""
    from auditor.result.findings import finding

    return FINDINGS[finding(ticked, verdict)].name
