"""Negations that govern a thing: before it ("we did not manage to set up ..."), after it ("... was never finished"), or at it."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.patterns import compiled_pattern, pattern
from auditor.records import Record
from auditor.report.language.verbs import DOING, EXAMINING, Verbs, both

NEAR = 6
"""Words that may stand between a negated verb and its object ("did not set up a full cloud ..."): articles, adjectives."""

_NOT = r"(?:not|never)"
_BE = r"(?:was|were|is|are|has|have|had|could|can|did|does)"
_WHO = (
    r"(?:^|\b(?:we|i|group|team|project|members|nobody|anyone|unfortunately|sadly|therefore|thus|hence|so|and|but|also|still|then|time|yet|"
    r"admittedly|honestly|however|this|though|although|while|whilst|since|as|because|us|no|course|end|constraints?|reasons?)\s+|[,(]\s*)"
)
"""What may stand right before the negation: the group, or nothing. "The profiler did not show ..." is none of it."""
_MANAGE = (
    r"(?:manage[d]? to|able to|succeed(?:ed)?(?: in| with| to)?|get around to|got around to|get as far as(?: to)?|get so far as(?: to)?|get far enough to|"
    r"(?:find|have|get|got|had|found)(?: the| enough| any| sufficient| much)?(?: time| resources| capacity| chance| opportunity)(?: left)?(?: to| for)|"
    r"choose to|chose to|decide[d]? to|get to|got to|come to|came to|(?:feel|felt|see|saw|seen|find|found|have|had)(?: the| a| any)? (?:need|reason|necess\w+|point|benefit|value)(?: to| for| in| of)?|"
    r"want(?:ed)? to|plan(?:ned)? to|bother(?:ed)? to|bother with|opt(?:ed)? to|opt(?:ed)? for|go(?:ne)? for|reach(?:ed)?|make it to|made it to|ma(?:k|d)e it as far as|prioriti[sz]e[d]?|manage[d]?|"
    r"need(?:ed)?(?: to)?|think it was necessary to|deem(?:ed)? it necessary to|get|gotten|got|care(?:d)? to|dare(?:d)? to|(?:quite )?reach the point of|consider(?:ed)?)"
)


@lru_cache(maxsize=4)
def active(verbs: Verbs) -> re.Pattern[str]:
    """A negated verb of which the group is the subject: "we did not manage to set up"."""
    do, doing, done = verbs
    return compiled_pattern(
        rf"{_WHO}(?:(?:did|do|have|has|had|were|was|are|am|could|can)\s+{_NOT}|never|ha(?:ve|d|s) yet to|did neither|neither|nor)\b"
        rf"\s+(?:{_MANAGE}\b(?:\s+(?:to\s+)?(?:{do}|{doing})\b)?|(?:{do}|{done}|{doing})\b)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4)
def passive(verbs: Verbs) -> re.Pattern[str]:
    """What follows a thing of which it is said that it was not done: " has not been implemented"."""
    done = verbs.done
    left = (
        r"skipped|omitted|left out|left undone|dropped|abandoned|discarded|postponed|given up|scrapped|neglected|deprioriti[sz]ed|de-prioriti[sz]ed|ignored|"
        r"missing|absent|lacking|unfinished|undone|a to-?do|beyond|outside|out of (?:reach|scope|the scope|the question|our reach)|future work|too (?:ambitious|much)|"
        r"impossible|infeasible|unattainable|sacrificed|forgotten|avoided|put off|put aside|set aside|cut|unused|unimplemented"
    )
    return compiled_pattern(
        r"^(?P<gap>[\s\w/&'’-]{0,60}?)\s(?:"
        rf"{_BE} {_NOT}\s+(?:(?:{done})\b|something we\b|part of\b|in (?:scope|place|use)\b|applicable\b|possible\b|feasible\b|there\b|make it\b|happen\b|"
        r"take place\b|come (?:about|to)\b|materiali[sz]e\b|get\b|worth\b|within (?:reach|scope)\b|a priority\b|needed\b|necessary\b|relevant\b|important\b|required\b|worthwhile\b|"
        r"(?:deem|deemed|considered|found|seen|judged|regarded|thought|felt)(?: as| to be)? (?:important|necessary|needed|relevant|worthwhile|worth|beneficial|useful|required|essential|a priority)\b|merged\b|ready\b|available\b)|"
        r"never (?:made it|happened|came|got|took place|saw|materiali[sz]ed|went (?:live|online)|worked out)\b|"
        rf"never\s+(?:{done})\b|"
        rf"(?:was|were|is|are|had to|ha(?:s|d)|have)\s+(?:therefore |thus |still |hence |all |sadly )?(?:{left})\b|"
        r"remains? (?:to be (?:done|implemented|set up|added|built)|undone|missing|open|unfinished|unimplemented|future work|a to-?do|on our (?:list|to-?do)|work for)|"
        r"(?:was|were|is|are) (?:something|things?|one of (?:the|several|many|those) (?:\w+ )?(?:things|parts|topics|steps|points)(?: that| which)?|a topic|topics|a part|parts|a step|steps|an area|areas|one thing|the one thing|the part|the thing|the step) we (?:never|(?:did|could|have|had|were|do) not|had no time|skipped|omitted|left out|dropped)\b|"
        r"fell (?:through|away|short|by the wayside|outside|victim)\b|did not make (?:it|the cut)\b|came too late\b|stayed (?:undone|a plan|an idea|on paper)\b|"
        r"fail(?:s|ed) to (?:run|start|work|build|deploy|train|complete)\b|proved (?:impossible|infeasible|too)\b|turned out (?:to be )?(?:impossible|infeasible|not)\b"
        r")",
        re.IGNORECASE,
    )


ALL = both(DOING, EXAMINING)
_RIGHT_BEFORE = pattern(
    rf"{_WHO}(?:(?:did|do|have|has|had|could|can)\s+{_NOT}|never|(?:had|there was) no (?:need|reason|time) to|(?:{_MANAGE}))\s+$",
    re.IGNORECASE,
)
"""A negation right before the thing, which is then a verb itself: "we did not profile our code"."""
_BEFORE_PARTICIPLE = pattern(r"\b(?:was|were|is|are|has|have|had)\s+(?:not|never)\s+$", re.IGNORECASE)
_PARTICIPLE = pattern(rf"(?:{ALL.done})\b", re.IGNORECASE)
"""A thing that is itself a participle: "the API was not deployed to the cloud"."""
HEAD = pattern(
    r"\b(?:(?:unable|failed|fail) to|unsuccessful (?:in|with)|no time (?:to|for|left for|left to)|did not have time|"
    r"(?:lack|lacked|lacking|(?:lack|ran out|short|run out) of)\s+(?:the\s+|enough\s+)?(?:time|resources)(?: left)?(?:,? (?:to|for|before))?|"
    r"(?:chose|decided|opted|elected|agreed)\s+(?:not to|against|to (?:skip|omit|leave out|drop|do without|postpone|forgo))|opted out of|refrained from|"
    r"(?:skipped|omitted|left out|dropped|abandoned|discarded|gave up(?: on)?|given up(?: on)?|postponed|scrapped|neglected|forgot|avoided|did without|went without|held off on|put off)|"
    r"would have (?:liked|loved|wanted|wished|preferred) to(?: have)?|(?P<instead>instead of|in place of|rather than)(?: with| by)?|"
    r"(?:did|have|had|has|do|made|make)\s+(?:not )?no\b(?:\s+(?:more\s+)?(?:time|need|reason|capacity|room|use)(?: left)?\s+(?:for|to|of))?|"
    r"(?:was|is|were|are|did|do) not (?:really |quite )?(?:be )?(?:deem|consider|find|see|judge|regard|think|feel|deemed|considered|found|seen|judged|regarded|thought|felt)(?: it)?(?: as| to be| was| is)? "
    r"(?:important|necessary|needed|relevant|worthwhile|worth(?: it)?|beneficial|useful|required|essential|a priority)(?: enough)?(?: to| for| that we| with)?|"
    r"without (?:any|using|doing|having|use of)|there (?:is|was|are|were|has|have) (?:still )?(?:no|not any|not a)\b(?: (?:need|time|reason|room|use)(?: left)? (?:for|to|of))?|"
    r"(?:is|are|was|were) (?:no|not any)\b|nobody (?:has )?|none of us (?:has |have )?|no one (?:has )?|"
    r"(?:time|deadline|schedule|quota|credits?|constraints?|resources|budget)(?: \w+){0,3} (?:did|does|do) not (?:allow|permit|let|leave)(?: us)?(?: (?:any )?(?:time|room))?(?: (?:to|for))?|"
    r"(?:time|deadline|schedule|quota|credits?|constraints?|resources|budget|issues|problems)(?: \w+){0,5} (?:prevented|kept|stopped|hindered) us from|"
    rf"(?:{DOING.done}|use|have|has) neither|nothing (?:was|is) )"
    rf"(?:\s*\b(?:{ALL.do}|{DOING.done}|{ALL.doing})\b)?",
    re.IGNORECASE,
)
"""Other words that take back what follows them."""
_NO_THING = pattern(
    r"(?:^|[,;]|\b(?:and|but|so|therefore|thus|nor|or))\s*(?:currently |unfortunately,? |as of now,? )?(?:no|neither|nor|none of the|none of our)(?:\s+[\w/-]+){0,3}\s*$",
    re.IGNORECASE,
)
_NO = pattern(r"^\W*(?:and |but |or |nor |so )?(?:no|neither|nor)\b\s*", re.IGNORECASE)
_VERB = pattern(
    r"\b(?:was|were|is|are|has|have|had|did|does|do|can|could|will|would|should|must|may|might|showed|found|seen|came|got|led)\b",
    re.IGNORECASE,
)
_NEITHER = pattern(r"\bneither\b.{1,80}\bnor\b", re.IGNORECASE)
_NEW_OBJECT = pattern(
    r"\b(?:for|from|in|on|with|that|which|when|who|of|to|by|at|than|into|through|about|used|use|using|did|made|it|we|they|and we|"
    r"were|was|is|are|has|have|had|via|as|so|because|if|like|such)\b|[,.:;]\s*(?!or\b|nor\b|and\b|\w+,|[\w -]+ (?:or|and|nor) )",
    re.IGNORECASE,
)
"""What ends the reach of a negated verb: a preposition or another verb leads to something else, and so does a comma without a list."""
_OURS = pattern(
    r"\s*(?:(?:get|getting|make|making|have|having)\s+)?(?:our|the|an?|it|this|any)?\s*(?:\w+\s+)?(?:api|app|application|models?|service|code|image|container|"
    r"backend|project|training|it|thing|jobs?|workloads?|anything|experiments)?\s*(?:to run|running|up|work|to work|live|online)?\s*(?:with|on|in|to|using|via)\s*(?:the)?\s*",
    re.IGNORECASE,
)
"""The group's own thing between the verb and a service: "run our application on" Cloud Run."""


class Negation(Record):
    """How a thing is denied.

    `between` are the words from a negation before it to itself; `behind` those from it to a negation behind it, and `rest` what
    comes after that. `verb` is the word that ends the negation, `instead` whether it is "instead of".
    """

    between: str = ""
    behind: str = ""
    rest: str = ""
    verb: str = ""
    instead: bool = False


def negation(clause: str, start: int, end: int, *, examines: bool) -> Negation | None:
    """The negation that governs what stands at `start` to `end` of `clause`; None where none does.

    `examines` where that is itself a test or a measurement: then "not tested" denies it, too.
    """
    before, after = clause[:start], clause[end:]
    if _RIGHT_BEFORE.search(before) or (_BEFORE_PARTICIPLE.search(before) and _PARTICIPLE.match(clause, start)):
        return Negation()
    verbs = ALL if examines else DOING
    for governing in (active(verbs), HEAD):
        for match in governing.finditer(clause):
            if match.start() >= start:
                break
            between = clause[match.end() : start] if match.end() < start else ""
            if len(between.split()) <= NEAR and (not _NEW_OBJECT.search(between) or _OURS.fullmatch(between)):
                instead = governing is HEAD and match["instead"] is not None
                return Negation(between, verb=last_word(match[0]), instead=instead)
    tail = passive(verbs).match(after)
    if tail is not None:
        return Negation(behind=tail["gap"], rest=after[tail.end() :], verb=last_word(tail[0]))
    no_thing = _NO_THING.search(before)
    if no_thing or _NEITHER.search(clause):
        done = _none_done(verbs).match(after)
        between = before.rpartition(" no ")[2] if " no " in before else _NO.sub("", before)
        if done is not None:
            return Negation(between, done["gap"], after[done.end() :], last_word(done[0]))
        if no_thing and _NO.match(before) and not _VERB.search(after):
            return Negation(between)  # "unit tests, but no load test"
    return None


def last_word(text: str) -> str:
    """The last word of a text, in lower case."""
    return re.split(r"[\s-]+", text.strip())[-1].lower()


@lru_cache(maxsize=4)
def _none_done(verbs: Verbs) -> re.Pattern[str]:
    """What follows "no ..." where it was done by nobody: " was set up"."""
    return compiled_pattern(
        rf"^(?P<gap>[\w /,&-]{{0,40}}?)\s(?:was|were|is|are|has|have)(?: currently| ever)?\s+(?:{verbs.done}|in place|available)\b",
        re.IGNORECASE,
    )
