"""Reads English as students write it: whether a sentence says that a thing was not done.

Conservative on purpose (evidence standard, general rules 4 and 5): the group itself must be the one who did not do it, or the
thing must be what was not done; the negation must govern a verb of doing, and the thing must be that verb's object. A sentence
that can be read both ways is no denial, a matter of degree ("not a lot") is none, and hypothetical words deny nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.patterns import pattern
from auditor.report.language.phrases import Finds

LONGEST = 2_000
"""Characters of a sentence that are looked at; a longer one is a table or a listing, not prose."""

NEAR = 6
"""Words that may stand between a negated verb and its object ("did not set up a full cloud ..."): articles, adjectives."""

_DO = (
    "use|utili[sz]e|implement|make(?: any)? use of|set ?-?up|setup|deploy|do|perform|run|add|create|write|have|include|train|"
    "apply|integrate|configure|build|try|conduct|publish|employ|calculate|get|adopt|establish|"
    "develop|work (?:with|on)|finish|complete|support|enable|explore|look into|spend time on|prioriti[sz]e|collect|"
    "automate|quanti[sz]e|prune|make|start|launch|host|upload|push|commit|revisit|instrument|execute|store|save|attempt"
)
_DOING = (
    "using|utili[sz]ing|implementing|making use of|setting up|deploying|doing|performing|running|adding|creating|writing|having|"
    "including|training|applying|integrating|configuring|building|trying|conducting|publishing|calculating|getting|"
    "developing|collecting|quanti[sz]ing|pruning"
)
_DONE = (
    "used|utili[sz]ed|implemented|made|set ?-?up|setup|deployed|done|performed|run|added|created|written|included|trained|applied|"
    "integrated|configured|built|tried|conducted|published|employed|calculated|adopted|"
    "established|developed|finished|completed|supported|enabled|explored|prioriti[sz]ed|collected|automated|"
    "quanti[sz]ed|pruned|instrumented|executed|attempted|carried out|put in place|achieved|realised"
)
_EXAMINE = "test|measure|check|profile|monitor|track|log|document|optimi[sz]e|load ?-?test"
_EXAMINING = "testing|measuring|checking|profiling|monitoring|tracking|logging|documenting|optimi[sz]ing"
_EXAMINED = "tested|measured|checked|profiled|monitored|tracked|logged|documented|optimi[sz]ed"
"""Verbs that say a thing was looked at: "the API was not tested" denies tests of the API, not the API."""

_FILLER = pattern(
    r"\b(?:really|actually|fully|completely|entirely|properly|formally|explicitly|directly|ever|even|also|successfully|quite|"
    r"in the end|end up|manually|personally|ourselves|currently|just|then|unfortunately|been|be)\s+",
    re.IGNORECASE,
)
"""Words between a negation and its verb that change nothing; they are taken out first."""

_NOT = r"(?:not|n'?t|never)"
_WHO = (
    r"(?:^|\b(?:we|i|group|team|project|members|unfortunately|sadly|therefore|thus|hence|so|and|but|also|still|then|time|yet|"
    r"admittedly|honestly|however|this|though|although|while|since|as|because|us)\s+|[,(]\s*)"
)
"""What may stand right before the negation: the group, or nothing. "The profiler did not show ..." is none of it."""

_MANAGE = (
    r"(?:manage[d]? to|able to|succeed(?:ed)?(?: in| with| to)?|get around to|got around to|"
    r"(?:find|have|get|got|had)(?: the| enough| any| sufficient)?(?: time| resources| capacity| chance| opportunity)(?: left)?(?: to| for)|"
    r"choose to|chose to|decide[d]? to|get to|got to|(?:feel|felt|see|saw|find|found)(?: the| a| any)? (?:need|reason|necess\w+)(?: to| for)?|"
    r"want to|wanted to|plan to|bother to|opt to|opt for|go for|reach|make it to|prioriti[sz]e|manage|get as far as)"
)


def _active(do: str, doing: str, done: str) -> re.Pattern[str]:
    """A negated verb of which the group is the subject: "we did not manage to set up"."""
    return pattern(
        rf"{_WHO}(?:(?:did|do|have|has|had|were|was|are|am|could|can)\s*{_NOT}|cannot|never|ha(?:ve|d) yet to|did neither|neither)\b"
        rf"\s+(?:{_MANAGE}\b(?:\s+(?:to\s+)?(?:{do}|{doing})\b)?|(?:{do}|{done}|{doing})\b)",
        re.IGNORECASE,
    )


def _passive(done: str) -> re.Pattern[str]:
    """What follows a thing of which it is said that it was not done: " has not been implemented"."""
    return pattern(
        r"^(?:[\s\w/-]{0,40}?)\s(?:(?:was|were|is|are|has|have|had|could|can)\s*(?:not|n'?t|never)|cannot|never|"
        rf"remains?|(?:was|were|is|are) still)\b\s+(?:(?:{done})\b|un(?:implemented|used|finished)\b|out of scope\b|part of\b|"
        r"in scope\b|applicable\b|in place\b|something we\b)",
        re.IGNORECASE,
    )


_ACTIVE = _active(_DO, _DOING, _DONE)
_ACTIVE_EXAMINING = _active(f"{_DO}|{_EXAMINE}", f"{_DOING}|{_EXAMINING}", f"{_DONE}|{_EXAMINED}")
_PASSIVE_TAIL = _passive(_DONE)
_PASSIVE_TAIL_EXAMINING = _passive(f"{_DONE}|{_EXAMINED}")
_RIGHT_BEFORE = pattern(
    rf"{_WHO}(?:(?:did|do|have|has|had|could|can)\s*{_NOT}|cannot|never|(?:{_MANAGE}))\s+$", re.IGNORECASE
)
"""A negation right before the thing, which is then a verb itself: "we did not profile our code"."""
_HEAD = pattern(
    r"\b(?:(?:unable|failed|fail) to|unsuccessful (?:in|with)|no time (?:to|for|left for|left to)|did(?: not|n't) have time|"
    r"(?:lack|lacked|lacking|ran out of|short of|run out of)\s+(?:the\s+|enough\s+)?(?:time|resources)(?: left)?(?:,? (?:to|for))?|"
    r"(?:chose|decided|opted)\s+(?:not to|against|to (?:skip|omit|leave out))|opted out of|refrained from|skipped|omitted|left out|"
    r"would have (?:liked|loved|wanted|wished) to(?: have)?|instead of|in place of|(?:did|have|had|has|do|made|make)\s+no\b(?:\s+(?:more\s+)?time(?: left)?\s+(?:for|to))?|"
    r"without (?:any|using|doing|having|use of)|there (?:is|was|are|were) (?:no|not any|n't any)|(?:is|are|was|were) (?:no|not any))"
    rf"(?:\s+(?:{_DO}|{_DONE}|{_DOING})\b)?",
    re.IGNORECASE,
)
_NO_THING = pattern(
    r"(?:^|[,;]|\b(?:and|but|so|therefore|thus))\s*(?:currently |unfortunately,? |as of now,? )?no(?:\s+[\w/-]+){0,3}\s*$",
    re.I,
)
_NONE_DONE = pattern(
    rf"^[\w /,-]{{0,40}}?\s(?:was|were|is|are|has been|have been)(?: currently| ever)?\s+(?:{_DONE})\b", re.I
)
_CUE = pattern(
    r"n't\b|\b(?:(?:did|do|does|have|has|was|were|is|are|could|ca)nt|not|never|no|neither|cannot|unable|fail\w*|unsuccessful|lack\w*|ran out|run out|short of|chose|decided|opted|"
    r"refrained|skipped|omitted|left out|would have|instead|in place of|without|yet|remains?|still)\b",
    re.IGNORECASE,
)
"""Words without one of which nothing is denied: most sentences have none and need no further look."""

_NEITHER = pattern(r"\bneither\b.{1,80}\bnor\b", re.IGNORECASE)
_OTHER_SENSE = pattern(
    r"\bnot (?:only|just|merely|simply|until|before|without)\b|n't (?:only|just)\b|(?:\bnot\b|n't\b)[^.]{1,80}\buntil\b|"
    r"\b(?:any|many|much|no|major|big|significant|large) (?:\w+ )?(?:issues?|problems?|trouble|difficult\w+|errors?|bugs?|failures?|"
    r"differences?|improvements?|bottlenecks?)\b|"
    r"\bnot have to\b|n't have to\b|\b(?:do|does|did)(?: not|n't) (?:need|require)\b|\bnot (?:difficult|hard|a problem|necessarily)\b|"
    r"\b(?:this|that|some) parts?\b|\bif\b|\bwhether\b|^when(?:ever)?\b|\bunless\b",
    re.IGNORECASE,
)
_DEGREE = pattern(
    r"\b(?:a lot|so much|too much|very much|extensively|heavily|often|frequently|regularly|always|systematically|every|(?<!at )all|each|"
    r"as much|as many|particularly|enough tests|more)\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = pattern(
    r"\b(?:would(?! have (?:liked|loved|wanted|wished))|could(?! not|n't)|should|might|may|in (?:the )?future|future work|next step|"
    r"going forward|plan(?:ned|ning)? to|if we (?:had|were|could)|ideally|one could|can be used to|will|hypothetical\w*|potentially|"
    r"it is possible to|going to)\b",
    re.IGNORECASE,
)
_UNSUCCESSFUL = pattern(
    r"\b(?:never got|not work(?:ing)?|n't work|could not|couldn't|cannot|was not able|without success|no success|unsuccessful\w*|failed|gave up|attempts?|played around|tried to|explor\w+|considered|looked into|possibility|"
    r"not able to|unable to|did not manage|didn't manage|not succeed|n't succeed)\b",
    re.IGNORECASE,
)
CLAUSES = pattern(
    r"\s*(?:[;:(){}]|,(?=\s*(?:but|and|so|as|since|because|we|it|the|which|instead|however|although|though|while|therefore|thus|due)\b)|"
    r"\s-\s|\s–\s|\s—\s|\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\bwhereas\b|\bwhile\b|\bbecause\b|\bsince\b|\bso that\b|\beven if\b|"
    r"\bas (?:we|it|the|this)\b|\bin order to\b|\bwhich\b|\bthat\b(?=\s+(?:we|it)\b))\s*|,\s*(?=when\b)|\s+(?=when (?:we|i)\b)",
    re.IGNORECASE,
)
_NEW_OBJECT = pattern(
    r"\b(?:for|from|in|on|with|that|which|when|who|of|to|by|at|than|into|through|about|used|use|using|did|made|it|we|they|and we|"
    r"were|was|is|are|has|have|had)\b",
    re.IGNORECASE,
)
"""What ends the reach of a negated verb: a preposition or another verb leads to something else."""


_OURS = pattern(
    r"\s*(?:(?:get|getting|make|making)\s+)?(?:our|the|an?|it|this)\s*(?:\w+\s+)?(?:api|app|application|model|models|service|code|image|container|"
    r"backend|project|training|it)?\s*(?:to run|running|up|work|to work)?\s*(?:with|on|in|to|using|via)\s*(?:the)?\s*",
    re.IGNORECASE,
)
"""The group's own thing between the verb and a service: "run our application on" Cloud Run."""

_SAME_THING = frozenset(
    """
    a about above across actively after again all also although always an and any anymore anyway anywhere api app
    application are aren aren't around as at because been before being but by can can't cannot capabilities code
    component components configs configuration could couldn couldn't course dashboard dashboards data despite did
    didn didn't do does doesn doesn't don due during either etc ever experience extensively feature features files
    for framework from fully functionalities functionality github given had has hasn hasn't have haven haven't here
    here's however if image images implementation in in-depth initially inside instead into is isn isn't it itself
    job jobs just later library locally logic mainly model models module much my nor not now of on once only onto or
    otherwise our ourselves out outside over package part parts per pipeline platform project properly properties
    rather repository run runs script scripts service services set setup since site so software solution step still
    stuff such support system systems template test tests than that the their then there therefore these this those
    though through throughout time to together too tool tooling tools toolset training under unless until up us via
    was wasn wasn't way we website well were weren weren't what when where which while with within without work
    workflow yet you your
    """.split()
)
"""Words that may follow the name of a thing without making another thing of it."""


_QUALIFIED = pattern(
    r"\b(?:fully|completely|entirely|in full|full|complete|whole|advanced|extensive|comprehensive|elaborate|proper|thorough|to the extent)\b",
    re.IGNORECASE,
)
"""Words that leave room for a part: what is "not fully" done may be half done."""


@lru_cache(maxsize=4096)
def qualified(sentence: str) -> bool:
    """Whether a denial only says that a thing was not done in full; it then speaks for nothing but what it names."""
    return bool(_QUALIFIED.search(sentence))


def denies(sentence: str, subject: Finds, *, examines: bool = False) -> bool:
    """Whether `sentence` says that what `subject` names was not done, used, or finished.

    `examines` where the thing is itself a test or a measurement: then "not tested" denies it, too.
    """
    negated = clauses(sentence)
    return bool(negated and subject.search(sentence)) and any(
        clause_denies(clause, subject, examines) for clause in negated
    )


@lru_cache(maxsize=4096)
def clauses(sentence: str) -> tuple[str, ...]:
    """The clauses of a negated sentence, those left out that are hypothetical or speak of something else or of a degree."""
    sentence = " ".join(sentence[:LONGEST].replace("’", "'").split())
    if not _CUE.search(sentence):
        return ()
    return tuple(
        _FILLER.sub("", clause)
        for clause in CLAUSES.split(sentence)
        if clause and not (_OTHER_SENSE.search(clause) or _HYPOTHETICAL.search(clause) or _DEGREE.search(clause))
    )


def clause_denies(clause: str, subject: Finds, examines: bool) -> bool:
    """The same for one clause of a sentence."""
    passive = _PASSIVE_TAIL_EXAMINING if examines else _PASSIVE_TAIL
    for mention in subject.finditer(clause):
        before, after = clause[: mention.start()], clause[mention.end() :]
        if narrowed(after):
            continue
        if _RIGHT_BEFORE.search(before) or governed(clause, mention.start(), examines) or passive.match(after):
            return True
        if (_NO_THING.search(before) or _NEITHER.search(clause)) and _NONE_DONE.match(after):
            return True
    return False


def narrowed(after: str) -> bool:
    """Whether the word right after a mention makes another, narrower thing of it: "W&B sweeps" are not W&B."""
    following = re.match(r"['’]?s?[\s-]+([A-Za-z][\w-]*)", after)
    if following is None:
        return False
    word = following[1].lower()
    return word not in _SAME_THING and not word.endswith(("ly", "ed", "ing"))


def governed(clause: str, start: int, examines: bool) -> bool:
    """Whether a negation before position `start` of `clause` reaches the thing that is named there."""
    for negation in (_ACTIVE_EXAMINING if examines else _ACTIVE, _HEAD):
        for match in negation.finditer(clause):
            if match.start() >= start:
                break
            between = clause[match.end() : start] if match.end() < start else ""
            if len(between.split()) <= NEAR and (not _NEW_OBJECT.search(between) or _OURS.fullmatch(between)):
                return True
    return False


def hypothetical(sentence: str) -> bool:
    """Whether a sentence only speaks of what would, could or will be."""
    return bool(_HYPOTHETICAL.search(sentence))


def unsuccessful(sentence: str) -> bool:
    """Whether a sentence tells of an attempt, or of something that did not work: it describes nothing as done."""
    return bool(_UNSUCCESSFUL.search(sentence))
