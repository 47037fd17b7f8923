"""A sentence as plain clauses: contractions written out, words that change nothing left out, cut where another thing is said."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from auditor.patterns import pattern

LONGEST = 2_000
"""Characters of a sentence that are looked at; a longer one is a table or a listing, not prose."""

_CONTRACTED = pattern(
    r"\b(did|do|does|have|has|had|was|were|is|are|could|would|should|wo|ca|might|need)(?:n['’`]?t|['’`]nt)\b|\b(can)not\b",
    re.IGNORECASE,
)
_FILLER = pattern(
    r"\b(?:really|actually|formally|explicitly|directly|ever|even|also|successfully|in the end|end(?:ed)? up|"
    r"currently|just|then|unfortunately|sadly|been|be|simply|yet|eventually|ultimately|in practice|so far(?! as)|either)\s+",
    re.IGNORECASE,
)
"""Words between a negation and its verb that change nothing."""
_KIND = pattern(
    r"\b(a|an|any|the|some|no) (?:kind|form|sort|type|piece|means|tools?|way|ways|functionality|capabilit(?:y|ies)|features?|support|"
    r"use|implementation|instance) (?:of|for)\b|\b(any|some) (?:tools?|means|functionality|features?) (?:to|for|of)\b",
    re.IGNORECASE,
)
"""Words that stand between a denial and its thing without being one: "any form of monitoring"."""
_RELATIVE = pattern(r"\b(something|thing|topic|part|step|area|point|one)(?:,? (?:that|which))? (we)\b", re.IGNORECASE)
"""What follows belongs to the thing before: "profiling was something that we never did"."""
_TWICE = pattern(
    r"\b(?:(?:does|did|do|should) )?not (?:\w+ )?(?:mean|imply|suggest|say)(?: that)? ((?:[\w'-]+ ){0,4}?)(did|have|do|does|was|were|had|are|is|has|could|can) not\b",
    re.IGNORECASE,
)
"""A negation of a negation: "this does not mean that we did not use it"."""
_SUBORDINATE = pattern(
    r"^\W*(?:even )?(?:while|whilst|although|though|since|because|as|despite|given that|after|before|until|once|whereas|when|due to)\b",
    re.IGNORECASE,
)
"""How a subordinate clause opens a sentence; it ends at its comma."""
CLAUSES = pattern(
    r"\s*(?:[;:(){}]|,(?=\s*(?:but|and|so|as|since|because|we|it|the|which|instead|however|although|though|while|therefore|thus|due|our|these|"
    r"those|this|they|there|i|yet|where|whereas|hence|meaning|leaving|making|apart|except|mostly|mainly)\b)|"
    r"\s-{1,2}\s|\s–\s|\s—\s|—|\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\bwhereas\b|\bwhile\b|\bbecause\b|\bsince\b|\bso that\b|\beven if\b|"
    r"\bas (?:we|it|the|this)\b|\bin order to\b|\bwhich\b|\bthat\b(?=\s+(?:we|it)\b)|\band (?=(?:we|it|they|instead|therefore|thus|so)\b))\s*|"
    r",\s*(?=when\b)|\s+(?=when (?:we|i)\b)|\s+(?=it (?:was|is) not\b)",
    re.IGNORECASE,
)
_CUE = pattern(
    r"n['’`]t\b|\b(?:(?:did|do|does|have|has|was|were|is|are|could|ca)nt|not|never|no|neither|none|nothing|cannot|unable|fail\w*|unsuccessful|lack\w*|ran out|"
    r"run out|short of|chose|decided|opted|refrained|skipp?\w*|omit\w*|left out|leave out|would have|had|instead|in place of|without|yet|remains?|still|"
    r"missing|absent|dropped|abandoned|discarded|postponed|gave up|given up|beyond|out of|outside|only|rather than|time|impossible|infeasible|hoped|wanted|"
    r"planned|intended|tried|attempted|prevented|fell|avoided|neglected|future)\b",
    re.IGNORECASE,
)
"""Words without one of which nothing is denied: most sentences have none and need no further look."""

OTHER_SENSE = pattern(
    r"\bnot (?:only|just|merely|simply|until|before|without|least|to mention)\b|\bnot\b[^.]{1,80}\buntil\b|"
    r"\b(?:any|many|much|no|major|big|significant|large) (?:\w+ )?(?:issues?|problems?|trouble|difficult\w+|errors?|bugs?|failures?|"
    r"differences?|improvements?|bottlenecks?|doubts?|wonder|surprise)\b|"
    r"\bnot have to\b|\b(?:do|does) not (?:need|require)\b|\bthere is no need\b|\bnot (?:difficult|hard|a problem|necessarily)\b|"
    r"\b(?:this|that|some) parts?\b|\bif\b|\bwhether\b|^\W*when(?:ever)?\b|\bunless\b|"
    r"\bno longer\b|\bnot\b.{1,80}\bany (?:more|longer)\b|\banymore\b|"
    r"\b(?:at first|initially|originally|in the beginning|at the beginning|to begin with|at the start|at that (?:point|time)|previously|beforehand|"
    r"in the first (?:week|days?|version))\b|"
    r"\bnot (?:\w+ )?(?:mean|imply|say|suggest)\b|\b(?:is|was) not (?:that|because)\b|\b(?:never|not|no|nor)\b[^.;]{0,60}\bwithout\b|"
    r"\bnot (?:all|every|each|both|everything|everywhere|everyone)\b|\b(?:in case|in the event|provided|assuming|as long as|suppose)\b",
    re.IGNORECASE,
)
"""Negations that deny something else: "not only", "no issues with", "never without", "at first", "not all"."""
DEGREE = pattern(
    r"\b(?:a lot|so much|too much|very much|much|extensively|heavily|often|frequently|regularly|always|systematically|every|(?<!at )all|each|"
    r"as much|as many|particularly|enough tests|more|mostly|mainly)\b",
    re.IGNORECASE,
)
"""Words of how much: "not a lot" may be some."""
IN_PART = pattern(
    r"\b(?:fully|completely|entirely|wholly|properly|thoroughly|exhaustively|in full|to (?:its|their|the) full\w*(?: \w+)?|to the (?:full )?extent|"
    r"in the strict sense|strictly|as such|per se|in depth|in-depth|in its entirety|quite|as (?:intended|planned)|perfectly|cleanly)\b ?",
    re.IGNORECASE,
)
"""Words that leave room for a part: what is "not fully" done may be half done."""
HYPOTHETICAL = pattern(
    r"\b(?:would(?! have (?:liked|loved|wanted|wished|preferred))|could(?! not)|should|might|may|in (?:the )?future|next step|"
    r"going forward|plan(?:ned|ning)? to|if we (?:had|were|could)|ideally|one could|can be used to|will|hypothetical\w*|potentially|"
    r"it is possible to|going to|supposed to)\b",
    re.IGNORECASE,
)
SUPPOSED = pattern(r"\b(?:would|could|might) (?!have\b|not\b)", re.IGNORECASE)
INSTEAD = pattern(r"^\W*(?:instead of|rather than|in place of)\b", re.IGNORECASE)
_UNSUCCESSFUL = pattern(
    r"\b(?:never got|not work(?:ing)?|could not|can not|not able|without success|no success|unsuccessful\w*|failed|gave up|"
    r"attempts?|attempted|played around|tried to|tried|explor\w+|considered|looked into|possibility|unable to|did not manage|not succeed)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def plain(sentence: str) -> str:
    """A sentence on one line, its contractions written out."""
    text = " ".join(sentence[:LONGEST].replace("’", "'").split())
    text = _CONTRACTED.sub(lambda found: f"{_WHOLE.get(found[0][:2].lower(), found[1] or found[2])} not", text)
    text = _TWICE.sub(lambda found: f"{found[1] or ''}{found[2]}", text)
    return _RELATIVE.sub(r"\1 \2", _KIND.sub(lambda found: found[1] or found[2], text))


_WHOLE = {"wo": "will", "ca": "can"}


@lru_cache(maxsize=4096)
def may_deny(sentence: str) -> bool:
    """Whether a word stands in a sentence by which something could be denied."""
    return _CUE.search(sentence) is not None


@lru_cache(maxsize=4096)
def parts(sentence: str) -> tuple[str, ...]:
    """The clauses of a sentence, words that change nothing left out."""
    text = plain(sentence)
    opening = ""
    if _SUBORDINATE.match(text) and ", " in text:
        opening, _, text = text.partition(", ")
    found = [*(CLAUSES.split(opening) if opening else ()), *CLAUSES.split(text)]
    return tuple(stripped(clause) for clause in found if clause and clause.strip())


def stripped(clause: str) -> str:
    """A clause without the words that change nothing."""
    return _FILLER.sub("", clause).strip()


class Negated(NamedTuple):
    """A clause in which a thing may be denied; `in_part` where only a degree of it is."""

    text: str
    in_part: bool


@lru_cache(maxsize=4096)
def negated(sentence: str) -> tuple[Negated, ...]:
    """The clauses in which a thing may be denied: those left out that are hypothetical or speak of something else or of an amount."""
    if not may_deny(sentence):
        return ()
    found = []
    supposed = False
    for clause in parts(sentence):
        text = IN_PART.sub("", clause)
        supposed = supposed or bool(SUPPOSED.search(clause))
        if supposed and INSTEAD.match(clause):
            continue  # "it would be enough to look at the log files, instead of using X"
        if not (OTHER_SENSE.search(clause) or HYPOTHETICAL.search(clause) or DEGREE.search(clause)):
            found.append(Negated(text.strip(), text != clause))
    return tuple(found)


def hypothetical(sentence: str) -> bool:
    """Whether a sentence only speaks of what would, could or will be."""
    return bool(HYPOTHETICAL.search(plain(sentence)))


def unsuccessful(sentence: str) -> bool:
    """Whether a sentence tells of an attempt, or of something that did not work: it describes nothing as done."""
    return bool(_UNSUCCESSFUL.search(plain(sentence)))
