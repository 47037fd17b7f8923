"""What an application's state and the dictionaries of its modules hold: `app.state.judge`, `models["judge"]`."""

from __future__ import annotations

import re

from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record

STATE = pattern(r"(?:^|.*?\.)state\.(\w+)")
KEPT = pattern(r"(?:^|.*?\.)(\w+)\[[\"']?(\w+)[\"']?\]")
MOST = 4


class Held(Record):
    """What is assigned to attributes of a state and to keys of dictionaries, by resolved names."""

    state: dict[str, tuple[str, ...]]
    keys: dict[tuple[str, str], tuple[str, ...]]

    def names(self, call: Call) -> tuple[str, ...]:
        """What else a call may be of, where its object comes out of a state or a dictionary."""
        found = [name for said in (call.written, *call.names) for name in self.look_up(said)]
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
    return Held(
        {key: tuple(dict.fromkeys(names))[:MOST] for key, names in state.items()},
        {key: tuple(dict.fromkeys(names))[:MOST] for key, names in keys.items()},
    )
