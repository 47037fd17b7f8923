"""To which of the project's applications a test sends requests.

Sources: FastAPI "Testing" and "Async Tests", Starlette "Test Client", Flask "Testing", HTTPX "Transports", Requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.facts.python import Call, Function, PythonFile, PythonProject, Role, Value
from auditor.knowledge import Names, built_in
from auditor.patterns import pattern
from auditor.practices.testing.subjects import APPLICATIONS, Subjects

REQUESTS = frozenset(
    """get post put patch delete head options request stream send urlopen websocket_connect connect call_and_validate""".split()
)
"""Methods and functions that send a request."""
OWN_HOST = pattern(
    r"^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|host\.docker\.internal|test(server)?|app|api|backend|web|server|"
    r"[^./:{}]+|\{\}.*|.*\{\}|.*\.(run\.app|cloudfunctions\.net|appspot\.com|azurewebsites\.net|azurecontainerapps\.io|"
    r"amazonaws\.com|onrender\.com|fly\.dev|railway\.app|hf\.space|herokuapp\.com))(:.*)?$"
)
"""Hosts that may be the project's own: this machine, a service of a compose file, or where groups deploy."""
HEAD = pattern(r"[^\W\d]\w*")
MODULE = pattern(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def requests_in(calls: Iterable[Call], names: Names) -> tuple[Call, ...]:
    """The calls in test files that send a request."""
    return tuple(
        call
        for call in calls
        if (call.written.rpartition(".")[2] in REQUESTS and sends(call, names)) or by_client(call, names)
    )


def by_client(call: Call, names: Names) -> bool:
    """Whether a call is a method of a client that sends a request whatever it is asked, or of the one that its test class has."""
    owners = [name.rpartition(".")[0] for name in call.names]
    asks = call.written.rpartition(".")[2] in REQUESTS
    return names.are(owners, "testing.client") or (asks and names.are(owners, "testing.client_given"))


def is_of_schema(test: Function, call: Call) -> bool:
    """Whether a test that schemathesis makes from the application's schema sends the case that it is given."""
    given = {parameter.name for parameter in test.parameters}
    head, _, method = call.written.partition(".")
    made = any(
        mark.written.endswith((".parametrize", ".parametrize()")) and not mark.written.startswith("pytest.")
        for mark in test.decorators
    )
    return made and head in given and method.startswith(("call", "validate"))


def sends(call: Call, names: Names) -> bool:
    """Whether a call of such a name is one of a client: by what it is called on, else by what it is given."""
    for name in call.names:
        owner = name.rpartition(".")[0].removesuffix("()")
        if "web.test_client" in names.of(owner) or "web.sends" in names.of(name):
            return True
    unknown = all(name.startswith("?") for name in call.names)
    first = call.args[0].string if call.args else None
    return unknown and bool(first and first.startswith(("/", "http")))


def apps_of(project: PythonProject, subjects: Subjects, sent: Iterable[Call], around: Iterable[Call]) -> frozenset[str]:
    """Files of the applications that the requests `sent` go to; `around` are all calls that lead up to them."""
    sent = tuple(sent)
    if not sent or not subjects.apps:
        return frozenset()
    found: set[str] = set()
    around = tuple(around)
    makers = [call for call in around if subjects.names.are(call.names, "web.test_client")]
    makers += [call for call in around if call.name.startswith("httpx.") and call.keyword("app") is not None]
    for call in makers:
        found |= set(apps_given(project, subjects, call))
    in_process = bool(makers)
    if not in_process:
        for call in sent:
            certain = by_client(call, subjects.names)
            if not subjects.names.are(call.names, "web.sends") and not certain:
                found |= set(imported_apps(project, subjects, call.path))
            elif certain or may_be_own(project, call):
                found |= subjects.apps
        if any(
            name.startswith("schemathesis.") and name.endswith(("_url", "_uri"))
            for call in around
            for name in call.names
        ):
            found |= subjects.apps
    return frozenset(found)


def apps_given(project: PythonProject, subjects: Subjects, call: Call) -> Iterator[str]:
    """The application that a client is made for; where that cannot be told, those that the file imports."""
    if call.written.endswith(".test_client"):
        value: Value | None = Value(call.written, call.line)
    else:
        value = call.keyword("app") or (call.args[0] if call.args else None)
    file = project.file(call.path)
    if value is None or file is None:
        return
    path = origin(project, file, value.text, set())
    if path is None:
        yield from imported_apps(project, subjects, call.path)
    elif path:
        yield from apps_behind(project, subjects, path)


def origin(project: PythonProject, file: PythonFile, text: str, seen: set[str]) -> str | None:
    """Path of the own file that an expression comes from; empty where the tests make it, None where nothing tells."""
    head = HEAD.match(text)
    if head is None or head[0] in seen:
        return None
    seen.add(head[0])
    for statement in file.imports:
        if statement.own and statement.alias == head[0]:
            # `from app.main import app` binds a variable, which may be called as a package: what was imported comes first.
            names = [statement.name, statement.name.rpartition(".")[0]]
            if statement.name == statement.written:  # import app.main
                words = MODULE.match(text)
                whole = words[0] if words else ""
                names = [whole, whole.rpartition(".")[0], *names]
            for name in names:
                module = project.module(name) if name else None
                if module is not None:
                    return module.path if module.role is not Role.TEST else origin_in(project, module, statement.name)
    for assignment in file.assignments:
        if assignment.target == head[0]:
            known = built_in()  # a course adds to what sends requests, seldom to what tests make themselves
            made = known.are((name.removesuffix("()") for name in assignment.value.names), *APPLICATIONS)
            if made and not inner(file, assignment.value.text):
                return ""
            found = origin(project, file, assignment.value.text, seen)
            if found is not None:
                return found
    return None


def inner(file: PythonFile, text: str) -> bool:
    """Whether an assigned expression begins with something imported from the project."""
    head = HEAD.match(text)
    return head is not None and any(i.own and i.alias == head[0] for i in file.imports)


def origin_in(project: PythonProject, file: PythonFile, name: str) -> str | None:
    """Where what a test's helper module offers as `name` comes from."""
    return origin(project, file, name.rpartition(".")[2], set())


def apps_behind(project: PythonProject, subjects: Subjects, path: str) -> Iterator[str]:
    """The file itself where it makes an application, else those with an application that it imports, two steps far."""
    if path in subjects.apps:
        yield path
        return
    todo, seen = [(path, 0)], {path}
    while todo:
        current, depth = todo.pop()
        for module in project.imported_by(project.at(current)) if depth < 2 else ():
            if module.path not in seen:
                seen.add(module.path)
                if module.path in subjects.apps:
                    yield module.path
                else:
                    todo.append((module.path, depth + 1))


def imported_apps(project: PythonProject, subjects: Subjects, path: str) -> Iterator[str]:
    """Applications that a test file, or a conftest.py above it, imports or names in a string."""
    for file in project.of(Role.TEST):
        folder, _, name = file.path.rpartition("/")
        if file.path != path and not (name == "conftest.py" and path.startswith(f"{folder}/" if folder else "")):
            continue
        names = [n for i in file.imports if i.own for n in (i.name, i.name.rpartition(".")[0])]
        names += [text.value for text in file.texts if "." in text.value and len(text.value) < 200]
        for name in names:
            for part in (name, name.partition(":")[0], name.rpartition(".")[0]):
                module = project.module(part) if part else None
                if module is not None and module.role is not Role.TEST:
                    yield from apps_behind(project, subjects, module.path)


def given_apps(calls: Iterable[Call], names: Names) -> Iterator[str]:
    """First words of what test clients are made for."""
    for call in calls:
        if names.are(call.names, "web.test_client"):
            value = call.keyword("app") or (call.args[0] if call.args else None)
            head = HEAD.match(value.text if value is not None else "")
            if head is not None:
                yield head[0]


def may_be_own(project: PythonProject, call: Call) -> bool:
    """Whether a request over the network may go to the project's own service: its host is not somebody else's."""
    position = 1 if call.written.endswith(".request") else 0
    url = call.argument(position, "url")
    text = url.string if url is not None else None
    if text is None and url is not None:
        assigned = project.at(call.path).assignments
        given = [a.value.string for a in assigned if a.target == url.text and a.scope in (call.scope, "")]
        text = next((value for value in given if value is not None), None)
    _, mark, rest = (text or "").partition("://")
    return not mark or OWN_HOST.match(rest.partition("/")[0].lower()[:200]) is not None
