"""Verbs by which groups say that they did a thing, in the forms that follow a negation."""

from __future__ import annotations

from typing import NamedTuple


class Verbs(NamedTuple):
    """Alternatives for a regular expression: "use", "using", "used"."""

    do: str
    doing: str
    done: str


def verbs(table: str) -> Verbs:
    """The verbs of a table: a line holds some, each as base, form in -ing and participle; `_` is a blank or a hyphen."""
    rows = [row.split() for row in table.split("/")]
    forms = ({row[form].replace("_", "[ -]?") for row in rows} for form in range(3))
    return Verbs(*("|".join(sorted(each, key=lambda verb: (-len(verb), verb))) for each in forms))  # the longest first


def both(first: Verbs, second: Verbs) -> Verbs:
    """The verbs of two tables."""
    return Verbs(*(f"{one}|{other}" for one, other in zip(first, second, strict=True)))


DOING = verbs(
    "use using used / utili[sz]e utili[sz]ing utili[sz]ed / implement implementing implemented / set_up setting_up set_up / "
    "setup setting_up setup / deploy deploying deployed / do doing done / perform performing performed / run running run / "
    "run running ran / add adding added / create creating created / write writing written / have having had / "
    "include including included / train training trained / apply applying applied / integrate integrating integrated / "
    "incorporate incorporating incorporated / configure configuring configured / build building built / try trying tried / "
    "conduct conducting conducted / publish publishing published / employ employing employed / get getting gotten / "
    "calculate calculating calculated / compute computing computed / adopt adopting adopted / make making made / "
    "establish establishing established / develop developing developed / finish finishing finished / start starting started / "
    "complete completing completed / support supporting supported / enable enabling enabled / explore exploring explored / "
    "collect collecting collected / automate automating automated / quanti[sz]e quanti[sz]ing quanti[sz]ed / "
    "prune pruning pruned / launch launching launched / host hosting hosted / serve serving served / "
    "upload uploading uploaded / push pushing pushed / commit committing committed / revisit revisiting revisited / "
    "instrument instrumenting instrumented / execute executing executed / store storing stored / save saving saved / "
    "attempt attempting attempted / introduce introducing introduced / define defining defined / design designing designed / "
    "leverage leveraging leveraged / expose exposing exposed / provide providing provided / schedule scheduling scheduled / "
    "reali[sz]e reali[sz]ing reali[sz]ed / achieve achieving achieved / prioriti[sz]e prioriti[sz]ing prioriti[sz]ed / "
    "containeri[sz]e containeri[sz]ing containeri[sz]ed / link linking linked / connect connecting connected / "
    "make(?:_any|_much)?_use_of making_use_of made_use_of / work_(?:with|on) working_(?:with|on) worked_(?:with|on) / "
    "look_into looking_into looked_into / carry_out carrying_out carried_out / put_in_place putting_in_place put_in_place / "
    "spend_time_on spending_time_on spent_time_on / move_to moving_to moved_to / see_to seeing_to seen_to / "
    "put_together putting_together put_together / bring bringing brought / wire_up wiring_up wired_up / "
    "produce producing produced / parallel+i[sz]e parallel+i[sz]ing parallel+i[sz]ed / compile compiling compiled / "
    "distribute distributing distributed / configure configuring configured / install installing installed / "
    "record recording recorded / register registering registered / provision provisioning provisioned / "
    "end_up_with ending_up_with ended_up_with / take_advantage_of taking_advantage_of taken_advantage_of"
)
"""Verbs of making and using."""

EXAMINING = verbs(
    "test testing tested / measure measuring measured / check checking checked / profile profiling profiled / "
    "monitor monitoring monitored / track tracking tracked / log logging logged / document documenting documented / "
    "optimi[sz]e optimi[sz]ing optimi[sz]ed / load_test load_testing load_tested / benchmark benchmarking benchmarked / "
    "evaluate evaluating evaluated / assess assessing assessed / investigate investigating investigated / "
    "stress_test stress_testing stress_tested"
)
"""Verbs that say a thing was looked at: "the API was not tested" denies tests of the API, not the API."""
