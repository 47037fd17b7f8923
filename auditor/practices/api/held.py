"""What an application's state, the dictionaries of its modules and variables that others set hold: `app.state.judge`, `models["judge"]`."""

from __future__ import annotations

import re
from typing import TypeVar

from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record, replace

STATE = pattern(r"(?:^|.*?\.)state\.(\w+)")
KEPT = pattern(r"(?:^|.*?\.)(\w+)\[[\"']?(\w+)[\"']?\]")
MOST = 4


class Held(Record):
    """What is assigned to attributes of a state and to keys of dictionaries, by resolved names.

    `handed` is what other modules hand to functions that keep it in a variable of their own module, by file and variable.
    """

    state: dict[str, tuple[str, ...]]
    keys: dict[tuple[str, str], tuple[str, ...]]
    handed: dict[tuple[str, str], tuple[str, ...]]

    def names(self, call: Call) -> tuple[str, ...]:
        """What else a call may be of, where its object comes out of a state or a dictionary."""
        found = [name for said in (call.written, *call.names) for name in self.look_up(said)]
        variable, _, rest = call.written.partition(".")
        found += [f"{name}.{rest}" for name in self.handed.get((call.path, variable), ())]
        return tuple(name for name in dict.fromkeys(found) if name not in call.names)

    def look_up(self, written: str) -> tuple[str, ...]:
        """The resolved names of what is written as `app.state.judge.ask` or `models["judge"].ask`."""
        state, key = STATE.match(written), KEPT.match(written)
        found = self.state.get(state[1], ()) if state is not None else ()
        match = state
        if not found and key is not None:
            found, match = self.keys.get((key[1], key[2]), ()), key
        return tuple(f"{name}{written[match.end() :]}" for name in found) if match is not None else ()


@fact
def held(project: PythonProject) -> Held:
    """What own code puts into states and dictionaries, by assignment or as the items of a dictionary."""
    state: dict[str, list[str]] = {}
    keys: dict[tuple[str, str], list[str]] = {}
    for file in project.of(*CODE):
        for assignment in file.assignments:
            names = [name for name in assignment.value.names if name[:1] != "?" and name != "None"]
            in_state = STATE.fullmatch(assignment.target)
            if in_state is not None:
                state.setdefault(in_state[1], []).extend(names)
            at_key = KEPT.fullmatch(assignment.target)
            if at_key is not None:
                keys.setdefault((at_key[1], at_key[2]), []).extend(names)
            for key, value in zip(assignment.value.keys, assignment.value.elements, strict=False):
                if isinstance(key.literal, str) and re.fullmatch(r"\w+", assignment.target):
                    given = [name for name in value.names if name[:1] != "?" and name != "None"]
                    keys.setdefault((assignment.target, key.literal), []).extend(given)
    kept = Held(few(state), few(keys), {})
    return replace(kept, handed=few(handed(project, kept)))


K = TypeVar("K")


def few(found: dict[K, list[str]]) -> dict[K, tuple[str, ...]]:
    """The first names of each, without repetition."""
    return {key: tuple(dict.fromkeys(names))[:MOST] for key, names in found.items()}


def handed(project: PythonProject, kept: Held) -> dict[tuple[str, str], list[str]]:
    """What `set_judge(judge)` is given, where its module keeps it in a variable: `global keeper; keeper = judge`."""
    found: dict[tuple[str, str], list[str]] = {}
    done: set[tuple[str, str, str]] = set()
    for file in project.of(*CODE):
        variables = {assignment.target for assignment in file.assignments if not assignment.scope}
        for assignment in file.assignments:
            function = project.function(f"{file.module}.{assignment.scope}") if assignment.scope else None
            if function is None or assignment.target not in variables:
                continue
            names = [parameter.name for parameter in function.parameters]
            handing = (function.name, assignment.target, assignment.value.text)
            if assignment.value.text not in names or handing in done:
                continue
            done.add(handing)
            for call in project.calls(function.name):
                value = call.argument(names.index(assignment.value.text), assignment.value.text)
                if value is not None:
                    given = (*value.names, *kept.look_up(value.text))
                    known = [n for n in given if n[:1] != "?" and not n.startswith(("None", "dict()", "list()"))]
                    found.setdefault((file.path, assignment.target), []).extend(known)
    return found
