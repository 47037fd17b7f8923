"""Denials without a "not": wishes with what came between, unreal conditionals about the past, attempts that failed.

And answers to "did you manage to ...?" that hold nothing else (evidence standard, general rule 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.patterns import pattern
from auditor.report.language.clauses import DEGREE, IN_PART, Negated, parts, plain, stripped
from auditor.report.language.negation import Negation
from auditor.report.language.reach import Reach, Thing, reached
from auditor.report.language.told import LEFT_STANDING, acts, works
from auditor.report.language.verbs import DOING, EXAMINING, both
from auditor.report.model import Sentence

_ALL = both(DOING, EXAMINING)
NEAR = 7
"""Words between such a verb and its object."""
_UNREAL = pattern(
    rf"\b(?:would|could) have (?:also |then |probably |definitely )?(?:(?:allowed|enabled|let|made it possible for|helped) us to (?:{_ALL.do})|(?:{_ALL.done}))\b|"
    r"\bwould have (?:liked|loved|wanted|wished|preferred) to\b",
    re.IGNORECASE,
)
"""What would have been done."""
_UNREAL_AFTER = pattern(rf"^[\w /&'-]{{0,40}}?\s(?:would|could) have (?:been )?(?:{_ALL.done})\b", re.IGNORECASE)
_CONDITION = pattern(
    r"\b(?:if|had we|had (?:there|the|our|it)|with (?:more|enough|another|a bit more|a little more)|given (?:more|another|enough)|ideally|time|hindsight|otherwise|been able)\b",
    re.IGNORECASE,
)
"""The condition of an unreal sentence."""
_WISHED = pattern(
    rf"\b(?P<past>had (?:hoped|planned|wanted|intended|meant|wished)|hoped|wanted|planned|intended|meant|aimed|wished|were going|was the (?:plan|idea|intention|goal)|the (?:plan|idea|intention|goal) was|considered|thought about|thought of|discussed|looked into)"
    rf"\s+(?:to\s+)?(?:also\s+)?(?:{_ALL.do}|{_ALL.doing})?\b",
    re.IGNORECASE,
)
"""A wish of the past."""
_TRIED = pattern(
    rf"\b(?:tried|attempted|started|began|worked on|made (?:an|some|several) attempts?|attempt(?:s|ed)?|struggled|spent (?:\w+ ){{1,4}}(?:trying|on))\s+(?:to\s+)?(?:{_ALL.do}|{_ALL.doing})?\b",
    re.IGNORECASE,
)
_OBSTACLE = pattern(
    r"\b(?:ran out|run out|no time|not enough time|enough time|time (?:constraints?|limit\w*|pressure)|lack(?:ed)? (?:of )?(?:the )?time|limited (?:time|timeframe)|deadline|"
    r"not (?:manage|succeed|able|possible|work|get|have|implement|finish|reach|find|make|do|done|set|add|run|realistic|feasible)|unable|fail\w*|could not|did not|never|"
    r"too (?:difficult|complex|complicated|time[- ]consuming|expensive|costly|much|little|late|long|short|hard|slow|ambitious)|quota|came first|abandon\w*|gave up|without success|unsuccessful\w*|"
    r"difficult\w*|challeng\w*|problems?|issues?|out of scope|beyond|impossible|infeasible|prioriti[sz]\w*|dropped|skipped|omitted|left out|postponed|instead|prevented)\b",
    re.IGNORECASE,
)
"""What came between."""
_FAILED = pattern(
    r"\b(?:not (?:manage|succeed|able|work|get|finish|complete)|unable|failed|fails|could not|never (?:got|managed|worked|succeeded|finished)|without success|unsuccessful\w*|gave up|no success|ran out|abandoned|"
    r"in vain|to no avail|not successful)\b",
    re.IGNORECASE,
)
_AFTER_ALL = pattern(
    r"\b(?:so|thus|therefore|hence|instead|and then|then|and|in the end|eventually|finally|later|which) (?:then |instead |in the end )?(?:we|i)(?: \w+ly| then| finally| instead)? "
    r"(?!(?:did|could|had|have|were|was|would|can|do) not\b|never\b|skipped\b|omitted\b|left\b|dropped\b|stopped\b|gave\b|abandoned\b|decided (?:not|against)\b|postponed\b)\w+|"
    r"\b(?:solved|fixed|resolved|overcame|overcome|worked in the end|succeeded in the end|managed in the end)\b",
    re.IGNORECASE,
)
"""What was done for all that."""
_WISH = pattern(
    r"\b(?:would|could|should|might|ideally|wish\w*|hope\w*|want\w*|like to|plan\w*|future|next step|if we had|given more|would have)\b",
    re.IGNORECASE,
)
_ASIDE = pattern(
    r"\bwould have been (?:useful|helpful|beneficial|nice|good|better|possible|interesting|great|ideal|easier|cool|relevant|worth\w*|a)\b",
    re.IGNORECASE,
)
_BARE = pattern(
    r"^\W*(?:unfortunately|sadly|well|regrettably)?,?\s*(?:"
    r"(?:no|nope|no, unfortunately|unfortunately not|sadly not|not really|not at all|none|neither|not yet|not in this project)(?:[,.;:!-]|$)|"
    r"no,? (?:unfortunately|sadly|we (?:did|could|have|were|had) not)\b|"
    r"(?:we|i|our group|the group|the team) (?:did|could|have|had|were) not(?: (?:in the end|unfortunately|able to|manage to|manage|succeed|succeed in this|get (?:that|this) far|get to (?:this|that|it)|have (?:the |enough )?time(?: for (?:this|that|it))?|"
    r"do (?:so|this|that|it|any of (?:this|that|these))|implement (?:it|this|that|any of (?:this|that|these)|either)|have time to(?: do)? (?:it|this|that|so)|(?:manage|able) to do (?:so|this|that|it)|attempt (?:this|it)|try(?: this| it)?|do either|do any))?(?:[,.;:!]|$| due to| because| since| as ))",
    re.IGNORECASE,
)
"""A plain no, to a question that names the thing."""
SEVERAL = 2
"""Sentences that make an answer; of a single one no more is heard than it says."""
FIRST = 3
"""Sentences of an answer in which such a no is looked for; "no" itself in the first alone."""


def unreal(sentence: str, thing: Thing) -> Reach:
    """How much of a thing a sentence says would have been done, under a condition of the past: so it was not."""
    text = plain(sentence)
    if " have " not in text or not thing.pattern.search(text) or _ASIDE.search(text) or not _CONDITION.search(text):
        return Reach.NOTHING
    return governed_by(text, _UNREAL, _UNREAL_AFTER, thing)


def wished(sentence: str, thing: Thing) -> Reach:
    """How much of a thing a sentence says was wanted, and did not come."""
    text = plain(sentence)
    if not thing.pattern.search(text):
        return Reach.NOTHING
    found = Reach.NOTHING
    for wish in _WISHED.finditer(text):
        rest = text[wish.end() :]
        if _AFTER_ALL.search(rest) or (not wish["past"].lower().startswith("had ") and not _turned(rest, _OBSTACLE)):
            continue
        found = max(found, at_once(text, wish, thing))
    return found


def tried(sentence: str, thing: Thing) -> Reach:
    """How much of a thing a sentence says was tried, and failed."""
    text = plain(sentence)
    if not thing.pattern.search(text):
        return Reach.NOTHING
    found = Reach.NOTHING
    for attempt in _TRIED.finditer(text):
        rest = text[attempt.end() :]
        if not _AFTER_ALL.search(rest) and _turned(rest, _FAILED):
            found = max(found, at_once(text, attempt, thing))
    return found


def _turned(rest: str, what: re.Pattern[str]) -> bool:
    """Whether a sentence takes a turn after a wish: "but", a stop or a comma, and then what came between."""
    turn = re.search(
        r"\b(?:but|however|yet|though|although|unfortunately|sadly|while|whereas|and)\b|[;:(]|,|\s-\s|\s–\s", rest
    )
    return turn is not None and what.search(rest[turn.start() :]) is not None


def at_once(text: str, verb: re.Match[str], thing: Thing) -> Reach:
    """The reach of a verb over the thing that follows it within a few words, or stands before it as what was wanted."""
    for mention in thing.pattern.finditer(text):
        if mention.start() < verb.start():
            continue
        between = text[min(verb.end(), mention.start()) : mention.start()]
        if len(between.split()) > NEAR or re.search(r"[.;:]|\b(?:but|however|with|for|on|in)\b", between):
            break
        clause = Negated(stripped(text), False)
        start = max(0, clause.text.find(mention[0]))
        again = next((found for found in thing.pattern.finditer(clause.text) if found.start() >= start), None)
        if again is not None:
            return reached(clause, again, Negation(between), thing)
    return Reach.NOTHING


def governed_by(text: str, before: re.Pattern[str], behind: re.Pattern[str], thing: Thing) -> Reach:
    """The reach of a verb before the thing, or behind it, in the clauses of a sentence."""
    found = Reach.NOTHING
    for part in parts(text):
        clause = Negated(IN_PART.sub("", part).strip(), IN_PART.search(part) is not None)
        if DEGREE.search(part) and not re.search(r"\bmore time\b", part):
            continue
        for mention in thing.pattern.finditer(clause.text):
            for verb in before.finditer(clause.text):
                between = clause.text[verb.end() : mention.start()]
                near = verb.start() < mention.start() and len(between.split()) <= NEAR
                if near and not re.search(r"\b(?:for|from|with|by|at|than|into|through|about|which|that)\b", between):
                    found = max(found, reached(clause, mention, Negation(between), thing))
            as_verb = re.search(r"\b(?:would|could) have (?:been )?(?:also |then )?$", clause.text[: mention.start()])
            if as_verb or behind.match(clause.text[mention.end() :]):
                found = max(found, reached(clause, mention, Negation(), thing))
    return found


def says_no(sentences: Sequence[Sentence]) -> Sentence | None:
    """The plain "no" of an answer: its first sentence, or one of the next that says no more than "we did not"."""
    for number, sentence in enumerate(sentences[:FIRST]):
        found = _BARE.match(plain(sentence.text))
        if found is not None and (number == 0 or re.search(r"\b(?:we|group|team)\b", found[0])):
            return sentence
    return None


def only_obstacles(sentences: Sequence[Sentence]) -> Sentence | None:
    """The first obstacle or wish of an answer that tells of nothing that was done; None where it tells of something."""
    if len(sentences) < SEVERAL or any(
        acts(one.text) or works(one.text) or _AFTER_ALL.search(one.text) for one in sentences
    ):
        return None
    if any(LEFT_STANDING.search(plain(one.text)) for one in sentences):
        return None
    obstacles = [one for one in sentences if _OBSTACLE.search(plain(one.text))]
    wishes = [one for one in sentences if one not in obstacles and _WISH.search(plain(one.text))]
    others = len(sentences) - len(obstacles) - len(wishes)
    if obstacles and 2 * others <= len(sentences):
        return obstacles[0]
    return wishes[0] if wishes and not others else None
