"""How far a denial reaches: the thing as a whole, a part of it, or something narrower (evidence standard, general rule 5).

Conservative on purpose: a sentence that can be read both ways denies nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from enum import IntEnum
from functools import lru_cache

from auditor.patterns import pattern
from auditor.records import Record
from auditor.report.language.clauses import DEGREE, HYPOTHETICAL, OTHER_SENSE, Negated, may_deny, negated, parts, plain
from auditor.report.language.negation import ALL, Negation, negation
from auditor.report.language.phrases import Finds
from auditor.report.wording import stem


class Thing(Record):
    """What a denial may reach: the pattern that names it, and what is known of it.

    `examines` where it is itself a test or a measurement; `own` are stems of its own wording, which narrow nothing; `products` are
    those with which it is done: some of them, named behind it, make it narrower. `wide` where the name is that of a wider thing than
    is asked about ("monitoring" for alerts): then any other word beside it makes it another matter.
    """

    pattern: Finds
    examines: bool = False
    own: frozenset[str] = frozenset()
    products: tuple[Finds, ...] = ()
    wide: bool = False


class Reach(IntEnum):
    """What a sentence takes back of a thing."""

    NOTHING = 0
    NARROW = 1
    """Only a narrower thing: a custom one, one product's, the rest, one purpose, one form."""
    PARTLY = 2
    """A degree of it: "not completely", "not in full", "no extensive ..."."""
    WHOLE = 3


_DEGREE_BEFORE = frozenset(
    """
    full complete extensive comprehensive thorough advanced elaborate proper detailed exhaustive entire whole sophisticated rigorous
    systematic full-fledged fully-fledged fledged in-depth deep real-time full-scale large-scale meaningful serious production-grade
    production-ready end-to-end
    """.split()
)
"""Adjectives of degree: "no extensive profiling" may be some."""
_NEUTRAL = frozenset(
    """
    a an the any our all such this that these those some its no of not single one ones actual actually real also even ever yet on the way
    doing using use having setting up running making performing implementing creating adding writing building get getting got to do
    neither nor either both kind sort form type formal formally
    """.split()
)
"""Words before a thing that change nothing at all."""
_NEUTRAL_KINDS = frozenset(
    """
    automatic automatically automated dedicated separate explicit explicitly official specific particular concrete working successful
    successfully standard online live cloud gcp google remote continuous continuously github python pytorch local locally new proper
    hyperparameter hyper parameter simple basic very good how behaves behave performs reacts under towards against robust robustness deploying training serving hosting exposing launching publishing unit
    """.split()
)
"""Adjectives before a thing that make no other thing of it."""
_A_VERB = pattern(rf"(?:{ALL.do}|{ALL.doing}|{ALL.done})", re.IGNORECASE)
_MOVING = frozenset(
    map(
        stem,
        "deploy host launch serve publish upload push commit expose register connect link merge ship".split(),
    )
)
"""What is done with a thing that is there already: "did not deploy the frontend" says that there is one."""
_FINISHING = frozenset(map(stem, "finish complete perfect polish".split()))
_SAME_THING = frozenset(
    """
    a about above across actively after again all also although always an and any anymore anyway anywhere api app
    application are aren aren't around as at because been before being but by can can't cannot capabilities code
    component components configs configuration could couldn couldn't course dashboard dashboards data despite did
    didn didn't do does doesn doesn't don due during either etc ever experience extensively feature features files
    for framework from fully functionalities functionality github given had has hasn hasn't have haven haven't here
    here's however if implementation in in-depth initially inside instead into is isn isn't it itself
    job jobs just later library locally logic mainly model models module much my nor not now of on once only onto or
    otherwise our ourselves out outside over package part parts per pipeline platform project properly properties
    rather repository run runs script scripts service services set setup since site so software solution step still
    stuff such support system systems template test tests than that the their then there therefore these this those
    though through throughout time to together too tool tooling tools toolset training under unless until up us via
    was wasn wasn't way we website well were weren weren't what when where which while with within without work
    workflow workflows yet you your never itself fell remains remain stayed had mechanism mechanisms rules rule
    would could should might must may shall also so like seen policy policies file session sessions trigger triggers hook hooks server app's i he she they it's
    """.split()
)
"""Words that may follow the name of a thing without making another thing of it."""
_OFFERED = frozenset("service services tools tool platform products cloud at all or and in for".split())
"""What a platform offers as a whole: "Google's services"."""
_KINDS = frozenset("sweeping scanning caching versioning pruning tuning linting profiling packaging".split())
"""Things in -ing that make another thing of what stands before them: "W&B sweeping"."""
_PURPOSE = pattern(
    r"^\s*(?:(?:tools?|frameworks?|librar(?:y|ies)|systems?|services?|setup|files?|images?|runs?|tests?|checks?|pages?|dashboards?|polic(?:y|ies))\s+)?"
    r"(?P<how>for|during|in|on|within|throughout|across|of|to)\s+(?P<what>[\w'’/ &+-]{1,80})",
    re.IGNORECASE,
)
"""What a thing is for, where it stands, or what it is of."""
_OF_WHAT = pattern(
    r"^\s*(?P<what>(?:the|our|any|this|these|those|its|all|that|an?|each|every|other|whole|remaining)?\s*[\w'’/ &+-]{1,60})"
)
_NP_END = frozenset(
    """
    and or but nor so because since as due while when where which that who with without using by via from to at than after before until
    was were is are has have had did does do not could would should can will we it they i there then if instead despite given within
    during for in on of yet at all either however unfortunately though although only just
    """.split()
)
_PLACES = frozenset(
    """
    project projects course time end work working final version repository repo group report hand-in exam production practice general scope
    us me it them now moment today phase stage setup solution product tool experiments experiment case reason reasons lack hours weeks days
    deadline period own our the a an any this that these its all full whole entire everything anything something nothing one thing place first
    current actual real live overall ourselves here there part step way purpose purposes use usage constraints constraint limited short
    remaining left last available complexity problems issues difficulties day week month mind particular addition stead favor favour total
    extent depth sense team members sake code codebase base program weights biases wandb w&b help developed trained deployed resulting
    finished created chosen
    """.split()
)
"""Words that name the project, or no thing at all: "in our project", "for lack of time"."""
_OBJECTS = frozenset(
    """
    model models data dataset datasets api apis app apps application applications service services system systems unit deployment deployed deploy
    pipeline pipelines cloud gcp google core logic training train script scripts main trained machine learning ml mlops ai running run runs
    container backend software online automatic extensive neural network networks classifier predictor inference endpoint endpoints predictions
    prediction implementation implemented workflow workflows cloud-based based local locally development
    """.split()
)
"""Words that name the project's model, data and application: "profiling of our training code" is profiling."""
_ACTIVITIES = frozenset(
    """
    training serving inference testing evaluation evaluating preprocessing prediction predicting validation development debugging
    versioning storage storing sharing linting formatting
    """.split()
)
"""What a tool can be for: "no Docker for training" says nothing of serving."""
_TOOL = pattern(r"^\s*(?:with|using|via|through|by means of)\s+(?P<what>[\w'’/ &+-]{1,60})", re.IGNORECASE)
_WAY = pattern(
    r"\b(?:locally|from scratch|again|further|longer|by hand|manually|twice|on (?:our|a|the|my) (?:own )?(?:laptops?|computers?|machines?|hpc|cluster)|on (?:the |a )?(?:gpus?|cpus?|tpus?)|"
    r"to convergence|in parallel|by default|on every \w+|on windows|on mac\w*)\b",
    re.IGNORECASE,
)
"""One way of doing a thing; another may have been taken."""
_SUBJECT = pattern(
    r"(?:^|[,;]\s*)(?P<np>[\w'’/ -]{1,60}?) (?:was|were|is|are|has|have|had|could|can) (?:not|never)\s*$"
)
_GROUP = pattern(r"(?:we|i|our group|the group|the team|it|this)\b", re.IGNORECASE)
_IT = pattern(r"\b(?:it|them|these|those|each)\b", re.IGNORECASE)
_REST = pattern(
    r"\b(?:remaining|other|others|rest of|further|additional|else|second|third|larger|bigger|some|most|many|several|few|every|each|both|"
    r"all (?:of )?the|all (?:of )?our|newer|older|latter|more)\b",
    re.IGNORECASE,
)
"""Words that make a thing the rest of it, or some of it."""
_PRONOUN = pattern(
    r"\b(?:did|could|have|had|were|was|are|is) (?:not|never) (?:(?:able to|manage to|get to|get around to|have time to|succeed in|in the end|end up) )?"
    r"(?:(?:implement\w*|add\w*|creat\w*|set(?:ting)? up|mak\w+|do|doing|includ\w*|build\w*|realis\w*|realiz\w*|finish\w*|run|running|perform\w*|use|using)"
    r" (?:it|them|this|that|these|those|one|any|so)|set(?:ting)? (?:it|them|this|that|these|those) up)\W*$|"
    r"\b(?:omitted|skipped|dropped|left out|abandoned|postponed|avoided|gave up(?: on)?)\b(?: (?:implementing|adding|creating|setting up|making|doing|building))?"
    r" (?:it|them|this|that|these|those)\W*$",
    re.IGNORECASE,
)
"""A denial of what was named just before it: "considered alerts, but did not implement them"."""
_ELLIPSIS = pattern(
    r"^\W*(?:(?:they|it|these|this|that|both|all of it)\s+)?(?:(?:was|were|is|are|has|have|had|could|did)\s+)?(?:not|never)\s+"
    r"(?:executed|run|ran|implemented|used|made|done|set ?up|deployed|performed|started|carried out|get to|happen|finished in time|put (?:in|into) (?:place|use))\b",
    re.IGNORECASE,
)
"""What is said of the subject of the clause before: "sweeps were prepared, but not executed"."""
SUBJECT_NEAR = 3
PRONOUN_NEAR = 10
"""Words between the thing and such a denial."""


@lru_cache(maxsize=512)
def known_stems(texts: tuple[str, ...]) -> frozenset[str]:
    """The stems of all words of these texts."""
    return frozenset(stem(word) for text in texts for word in re.findall(r"[a-z0-9]+", text.lower()))


def reach(sentence: str, thing: Thing) -> Reach:
    """How much of a thing the sentence denies."""
    if not may_deny(sentence) or not thing.pattern.search(plain(sentence)):
        return Reach.NOTHING
    found = max((clause_reach(clause, thing) for clause in negated(sentence)), default=Reach.NOTHING)
    if found is not Reach.WHOLE:
        found = max(found, denied_by_pronoun(sentence, thing.pattern))
    return found


def clause_reach(clause: Negated, thing: Thing) -> Reach:
    """The same for one clause; the widest of its mentions."""
    found = Reach.NOTHING
    for mention in thing.pattern.finditer(clause.text):
        how = negation(clause.text, mention.start(), mention.end(), examines=thing.examines)
        if how is not None:
            found = max(found, reached(clause, mention, how, thing))
    return found


def reached(clause: Negated, mention: re.Match[str], how: Negation, thing: Thing) -> Reach:
    """How much of a mention that is denied the denial reaches."""
    before, after = clause.text[: mention.start()], clause.text[mention.end() :]
    if how.instead and (another_of_it(before, how, thing) or _IT.search(f"{mention[0]} {after[:12]}")):
        return Reach.NARROW  # "two sweeps instead of one": what is replaced is another of the same
    degree = degree_before(how.between, thing)
    verb = stem(how.verb)
    if verb in _MOVING and verb not in thing.own:
        return Reach.NARROW
    if verb in _FINISHING and verb not in thing.own:
        degree = min(degree, Reach.PARTLY)
    if degree is Reach.NARROW or narrower_behind(before, mention, after, how, thing):
        return Reach.NARROW
    named = sum(named_behind(product, clause.text, mention.start()) for product in thing.products)
    if 0 < named < max(2, len(thing.products)) or (not named and other_tool(after, thing)):
        return Reach.NARROW
    return Reach.PARTLY if clause.in_part or degree is Reach.PARTLY else Reach.WHOLE


def another_of_it(before: str, how: Negation, thing: Thing) -> bool:
    """Whether "instead of" stands between two things of one kind."""
    earlier = before[: -len(how.between)] if how.between else before
    return thing.pattern.search(earlier) is not None or re.search(r"\b(?:single|one)\b", how.between) is not None


def degree_before(between: str, thing: Thing) -> Reach:
    """What the words between a negation and its thing make of it: something narrower, a degree of it, or nothing else."""
    neutral = _NEUTRAL if thing.wide else _NEUTRAL | _NEUTRAL_KINDS | _OBJECTS
    degree = Reach.WHOLE
    if _REST.search(between):
        return Reach.NARROW
    for word in re.split(r"\b(?:or|nor|and)\b|,", between)[-1].split():
        low = word.strip("'’\"`*.()").lower()
        if low in _DEGREE_BEFORE:
            degree = Reach.PARTLY
        elif (
            low
            and low not in neutral
            and not _A_VERB.fullmatch(low)
            and (thing.wide or stem(low) not in thing.own)
            and not low.isdigit()
        ):
            return Reach.NARROW
    return degree


def narrower_behind(before: str, mention: re.Match[str], after: str, how: Negation, thing: Thing) -> bool:
    """Whether what stands behind a mention, or beside it where it is a verb, makes something narrower of it."""
    if narrowed(after, thing.own):
        return True
    if how.behind or how.rest:
        rest = bool(_REST.search(before[-40:]) or _REST.search(how.behind))
        return rest or any(other_purpose(text, thing) or other_way(text, thing) for text in (how.behind, how.rest))
    return other_purpose(after, thing) or other_way(after, thing) or other_object(before, mention[0], after, thing)


def named_behind(product: Finds, text: str, start: int) -> bool:
    """Whether a product is named in what begins at `start`, or over it ("the PyTorch profiler")."""
    return any(found.end() > start for found in product.finditer(text))


def narrowed(after: str, own: Collection[str] = ()) -> bool:
    """Whether the word right after a mention makes another, narrower thing of it: "W&B sweeps" are not W&B."""
    following = re.match(r"(['’]s)?[\s-]+([A-Za-z][\w-]*)(?:\s+([A-Za-z][\w-]*))?", after)
    if following is None:
        return False
    if following[1]:  # "Google Cloud's App Engine"
        return any(word and word.lower() not in _OFFERED for word in following.groups()[1:])
    word = following[2].lower()
    if word in _SAME_THING or word.endswith(("ly", "ed")) or (word.endswith("ing") and word not in _KINDS):
        return False
    return stem(word) not in own


def other_purpose(after: str, thing: Thing) -> bool:
    """Whether what follows a mention says what it would be for, or of, and that is neither the project itself nor the thing's own."""
    found = _PURPOSE.match(after)
    if found is None:
        return False
    if found["how"].lower() == "to":
        return False  # "did no profiling to find out ...": what it serves in any case
    if found["how"].lower() in ("for", "during", "in"):
        first = next(iter(re.findall(r"[\w-]+", found["what"].lower())), "")
        if first in _ACTIVITIES and stem(first) not in thing.own:
            return True
    return other_thing(found["what"], thing)


def other_tool(after: str, thing: Thing) -> bool:
    """Whether a thing is denied with one tool only: "no tests with Selenium"."""
    found = _TOOL.match(after)
    return found is not None and other_thing(found["what"], thing)


def other_way(after: str, thing: Thing) -> bool:
    """Whether a thing is denied in one way or place only: "did not train locally", "... from scratch"."""
    return any(stem(found[0].split()[-1].lower()) not in thing.own for found in _WAY.finditer(after[:60]))


def other_thing(words: str, thing: Thing) -> bool:
    """Whether a noun with the words before it names something else than the project, its code, model or application."""
    known = _PLACES if thing.wide else _PLACES | _OBJECTS
    for word in re.findall(r"[\w'’&+-]+", words.lower())[:6]:
        if word in _NP_END:
            return False
        if word in known or stem(word) in thing.own or word.isdigit() or word.endswith("ly"):
            continue
        return True
    return False


def other_object(before: str, mention: str, after: str, thing: Thing) -> bool:
    """Whether the thing is a verb whose subject or object is another: "we did not profile the frontend", "the others were not profiled"."""
    subject = _SUBJECT.search(before)
    if subject is not None and not _GROUP.match(subject["np"].strip()):
        return bool(_REST.search(subject["np"])) or other_thing(subject["np"], thing)
    if re.search(r"\b(?:not|never|to)\s*$", before) and not mention.lower().endswith("ing"):
        following = _OF_WHAT.match(after)
        if following is None:
            return False
        return bool(_REST.match(following["what"].strip())) or other_thing(following["what"], thing)
    return False


def denied_by_pronoun(sentence: str, thing: Finds) -> Reach:
    """Whether a thing is named and then denied as "it" or "them" at the end of the next clause."""
    clauses = parts(sentence)
    for earlier, later in itertools.pairwise(clauses):
        subject = thing.search(earlier)
        if subject is not None and len(earlier[: subject.start()].split()) <= SUBJECT_NEAR and _ELLIPSIS.match(later):
            return Reach.WHOLE
    for number, later in enumerate(clauses):
        denial = _PRONOUN.search(later)
        if denial is None or DEGREE.search(later) or HYPOTHETICAL.search(later) or OTHER_SENSE.search(later):
            continue
        earlier = f"{clauses[number - 1] if number else ''} {later[: denial.start()]}"
        mentions = list(thing.finditer(earlier))
        if mentions and len(earlier[mentions[-1].end() :].split()) <= PRONOUN_NEAR:
            return Reach.WHOLE
    return Reach.NOTHING
