"""What the group's own words say about one claim: where they deny it, and where they describe it with specifics."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from auditor.course.catalog import Catalog, Claim
from auditor.course.statements import Statement
from auditor.evidence import Place
from auditor.patterns import pattern
from auditor.records import Record, replace
from auditor.report.language.clauses import hypothetical, may_deny, negated, plain
from auditor.report.language.descriptions import Description, Phrasing, descriptions, quoted
from auditor.report.language.phrases import Finds, may_mention, mentions, phrases
from auditor.report.language.reach import Reach, Thing, known_stems, reach
from auditor.report.language.told import ONLY_LOCAL, acts, stays_local, told
from auditor.report.language.wishes import only_obstacles, says_no, tried, unreal, wished
from auditor.report.model import Answer, Report, Sentence
from auditor.report.wording import stem

MOST = 3
"""Sentences quoted for a claim and side."""
_IN_THE_CLOUD = known_stems(("cloud", "gcp", "deployed"))
"""Words of claims for which it matters that a thing was not done on the group's own machine."""
_ONLY = pattern(r"\bthe only (?:\w+ ){0,3}?$", re.IGNORECASE)
_CLOUD_ALONE = known_stems(("cloud", "gcp"))
"""Of these, words by which a claim is of the cloud alone: a thing is deployed locally, too."""
_EXCEPTION = pattern(
    r"\b(?:(?:apart|aside) from|except(?: for| when| that| in| to)?|other than|save for|with the exception of)\s+(?P<what>.{3,120})",
    re.IGNORECASE,
)
_NO_EXCEPTION = pattern(
    r"\b(?:local|locally|localhost|laptops?|exercises?|course|template|cookiecutter|tutorials?|hand|manual|manually|print\w*|nothing|default|this|that|built-in)\b",
    re.IGNORECASE,
)
"""What an exception may name without any of the thing being left."""
_LOCALLY_INSTEAD = pattern(
    r"\b(?:instead|locally|local|laptops?|own (?:machines?|computers?)|hpc|cluster)\b", re.IGNORECASE
)


class Words(Record):
    """Sentences of the report about one claim, each with its line."""

    denials: tuple[Place, ...] = ()
    narrow: tuple[Place, ...] = ()
    """Sentences that deny something narrower only: a custom one, a product, the rest, one purpose."""
    documented: tuple[Place, ...] = ()
    outright: bool = False
    """Whether a denial stands where one speaks of this claim: in an answer on one of its topics, or a general one."""
    in_part: bool = False
    """Whether all denials are of a degree only: "not completely"."""
    excepts: bool = False
    """Whether such a denial names what is left: "none, apart from that of the sweep"."""
    tells: bool = False
    """Whether an answer that denies the thing in part also tells of something that was done."""
    answered: bool = False
    """Whether a description stands in the answer to the claim's own question, and names the thing no less plainly than the denial does."""
    firmly: bool = False
    """Whether a description goes beyond the name of the thing and one word about it."""
    denied_products: tuple[str, ...] = ()
    """Names of products, by which the thing can be done, that are denied."""
    disagreement: tuple[Place, ...] = ()
    """A description by the claim's own name in one answer and a denial by it in another, where there are both."""


class Denial(Record):
    """A sentence that denies the claim, how far, and by what: `plainly` by the thing's own name, or by a wider word."""

    place: Place
    reach: Reach
    plainly: bool
    outright: bool


class Listener:
    """Hears one claim's denials and descriptions in the answers of a report."""

    def __init__(self, report: Report, claim: Claim, catalog: Catalog, statements: Mapping[str, Statement]) -> None:
        statement = statements[claim.id]
        self.claim = claim
        self.statement = statement
        self.general = {question.topic for question in catalog.questions if question.general}
        there = {answer.topic for answer in report.answers}
        self.own_topic = next((topic for topic in claim.topics if topic in there), None)
        """The claim's own question: the first of its topics that this edition of the report asks."""
        question = catalog.by_topic.get(self.own_topic or "")
        self.asked = question is not None and claim.id in question.asks
        asked_too = [statements[one] for one in question.asks if one in statements] if question and self.asked else []
        self.sisters = tuple(dict.fromkeys(phrase for one in asked_too for phrase in one.subject))
        shared = {item.text for other in catalog.claims if other.id != claim.id for item in other.items}
        wordings = (claim.title, *(item.text for item in claim.items if item.text not in shared))
        self.own = known_stems((*wordings, *statement.subject, *statement.in_topic))
        self.titled = in_title(statement.in_topic, claim.title)
        self.products = tuple(phrases(group) for group in statement.products)

    def denials(self, answer: Answer) -> list[Denial]:
        """The denials of an answer; those of something narrower only are among them."""
        on_topic = answer.topic in self.claim.topics
        own_answer = answer.topic == self.own_topic
        outright = on_topic or answer.topic in self.general
        found = []
        for number, sentence in enumerate(answer.sentences):
            how, plainly = self.heard(sentence.text, on_topic=on_topic, own_answer=own_answer)
            if how is Reach.NARROW and own_answer and self.leaves_nothing(answer.sentences, number):
                how = Reach.WHOLE
            if how is not Reach.NOTHING:
                found.append(Denial(quoted(answer.path, sentence), how, plainly, outright))
        if own_answer and self.own & _CLOUD_ALONE and not any(one.reach > Reach.NARROW for one in found):
            found += self.only_local(answer)
        if own_answer and self.asked and not any(one.reach > Reach.NARROW for one in found):
            found += self.silence(answer)
        return found

    def heard(self, sentence: str, *, on_topic: bool, own_answer: bool) -> tuple[Reach, bool]:
        """How far one sentence denies the claim, and whether by the thing's own name."""
        statement = self.statement
        if not may_deny(sentence):
            return Reach.NOTHING, False
        if statement.denied_by and mentions(plain(sentence), statement.denied_by) and not hypothetical(sentence):
            return Reach.WHOLE, True
        found = self.reach_of(statement.subject, sentence, wishes=on_topic)
        wider = statement.in_topic if own_answer else ()
        if found < Reach.WHOLE and wider:
            widely = self.reach_of(wider, sentence, wishes=True, wider=True)
            if widely > found:
                return widely, False
        if found < Reach.WHOLE:
            found = max(found, self.of_products(sentence), self.reach_of(statement.platform, sentence, wishes=False))
        return found, found is not Reach.NOTHING

    def reach_of(self, words: tuple[str, ...], sentence: str, *, wishes: bool, wider: bool = False) -> Reach:
        """How far a sentence denies what `words` name, `wishes` and unreal conditions included; `wider` than the claim."""
        if not words or not may_mention(plain(sentence), words):
            return Reach.NOTHING
        thing = self.thing(words, wider=wider)
        found = reach(sentence, thing)
        if found < Reach.WHOLE and only(sentence, thing.pattern):
            found = Reach.WHOLE
        if found is Reach.WHOLE and not wider and excepts(sentence):
            found = Reach.PARTLY
        if found < Reach.WHOLE and wishes:
            whole = replace(thing, products=())  # with which tool it would have been done does not matter
            found = max(found, *(read(sentence, whole) for read in (unreal, wished, tried)))
        if wider and found is not Reach.WHOLE:
            # A degree of the wider thing is one of this claim where its own title names it; a narrower one is another matter.
            titled = bool(self.titled) and phrases(self.titled).search(plain(sentence)) is not None
            return found if found is Reach.PARTLY and titled else Reach.NOTHING
        return found

    def thing(self, words: tuple[str, ...], *, wider: bool = False, products: bool = True) -> Thing:
        """What `words` name, with what is known of the claim."""
        known = self.products if products else ()
        return Thing(phrases(words), self.statement.examines, self.own, known, wider)

    def of_products(self, sentence: str) -> Reach:
        """How far a sentence denies the products with which the thing is done: narrowly, unless it denies them all."""
        found = [reach(sentence, self.thing(group, products=False)) for group in self.statement.products]
        if len(found) > 1 and min(found) > Reach.NARROW:
            return min(found)
        return Reach.NARROW if any(found) else Reach.NOTHING

    def denied_products(self, report: Report) -> tuple[str, ...]:
        """Names of the products that answers on the claim's topics deny."""
        sentences = [s.text for a in report.answers if a.topic in self.claim.topics for s in a.sentences]
        thing = self.thing((*self.statement.subject, *self.statement.in_topic), products=False)
        found: list[str] = []
        for group, product in zip(self.statement.products, self.products, strict=True):
            alone = self.thing(group, products=False)
            denied = (reach(s, alone) or (product.search(s) and reach(s, thing)) for s in sentences)
            found += group if any(denied) else ()
        return tuple(found)

    def leaves_nothing(self, sentences: Sequence[Sentence], number: int) -> bool:
        """Whether a denial of one product goes on to say that the work was done elsewhere: then nothing else was used either."""
        words = (*self.statement.subject, *self.titled)
        thing, sentence = phrases(words), sentences[number].text
        if not self.products or reach(sentence, self.thing(words, products=False)) < Reach.PARTLY:
            return False
        following = sentences[number + 1].text if number + 1 < len(sentences) else ""
        for text in (sentence, following):
            done = told(text, locally=True)
            if _LOCALLY_INSTEAD.search(done) and thing.search(done) and not any(p.search(done) for p in self.products):
                return True
        return False

    def only_local(self, answer: Answer) -> list[Denial]:
        """The sentence by which an answer that tells of nothing beyond the own machine says that this was all."""
        if not stays_local(tuple(sentence.text for sentence in answer.sentences)):
            return []
        said = (one for one in answer.sentences if ONLY_LOCAL.search(one.text) and not hypothetical(one.text))
        return [Denial(quoted(answer.path, one), Reach.WHOLE, False, True) for one in said][:1]

    def silence(self, answer: Answer) -> list[Denial]:
        """The sentence by which the answer to "did you manage to ...?" is a no, though none denies the thing by name.

        Nothing, where the answer tells of the thing as done. A mere lack of anything done does not outweigh what was found.
        """
        thing = phrases(self.statement.subject)
        if any(thing.search(told(sentence.text, locally=True)) for sentence in answer.sentences):
            return []
        refused = says_no(answer.sentences)
        if refused is not None:
            return [Denial(quoted(answer.path, refused), Reach.WHOLE, False, True)]
        sister = Thing(phrases(self.sisters), examines=True)
        if any(reach(sentence.text, sister) is not Reach.NOTHING for sentence in answer.sentences):
            return []  # it says which of the things that were asked for is not there
        obstacle = only_obstacles(answer.sentences)
        if obstacle is None:
            return []
        in_part = any(one.in_part for sentence in answer.sentences for one in negated(sentence.text))
        how = Reach.PARTLY if in_part else Reach.WHOLE
        return [Denial(quoted(answer.path, obstacle), how, False, False)]

    def descriptions(self, answer: Answer, exists: Callable[[str], bool]) -> list[Description]:
        """The descriptions of an answer: of one on the claim's topics, or firm ones of one on something else."""
        statement = self.statement
        if not statement.specifics:
            return []
        own_answer = answer.topic == self.own_topic
        subject = (*statement.subject, *statement.described_by)
        phrasing = Phrasing(
            thing=phrases((*subject, *self.titled) if own_answer else subject),
            specific=phrases(statement.specifics),
            products=self.products,
            locally=not self.own & _IN_THE_CLOUD,
        )
        found = descriptions(answer, phrasing, own_question=own_answer and bool(self.titled), exists=exists)
        return [one for one in found if one.firm or answer.topic in self.claim.topics]


def read_words(
    report: Report,
    claim: Claim,
    catalog: Catalog,
    statements: Mapping[str, Statement],
    exists: Callable[[str], bool],
) -> Words:
    """What `report` says about `claim`. `exists` tells whether a file of the repository, by its path, does.

    A denial that names the claim only by a wider word ("monitoring" for alerts) gives way to a description by its own name
    in the same answer.
    """
    if claim.id not in statements or not statements[claim.id].subject:
        return Words()
    listener = Listener(report, claim, catalog, statements)
    subject = phrases(listener.statement.subject)
    denials: list[Denial] = []
    documented: list[Description] = []
    answered: list[Description] = []
    tells = False
    described: dict[int, Place] = {}
    denied: dict[int, Place] = {}
    for answer in report.answers:
        heard = listener.denials(answer)
        told_here = listener.descriptions(answer, exists)
        documented += told_here
        if answer.topic == listener.own_topic:
            answered += told_here
            if told_here:
                heard = [one for one in heard if one.plainly]
        denials += heard
        tells = tells or (any(one.reach is Reach.PARTLY for one in heard) and tells_something(answer))
        for description in told_here:
            if subject.search(description.place.text):
                described.setdefault(answer.line, description.place)
        for denial in heard:
            if denial.plainly and denial.reach > Reach.NARROW:
                denied.setdefault(answer.line, denial.place)
    counted = [one for one in denials if one.reach > Reach.NARROW]
    plainly = any(one.plainly for one in counted)
    disagreeing = [one for one in answered if not plainly or subject.search(one.place.text)]
    pair = next(((yes, no) for a, yes in described.items() for b, no in denied.items() if a != b), ())
    counted.sort(key=lambda one: (one.reach is not Reach.WHOLE, not one.outright))
    return Words(
        denials=tuple(one.place for one in counted[:MOST]),
        narrow=tuple(one.place for one in denials if one.reach is Reach.NARROW)[:MOST],
        documented=tuple(one.place for one in documented[:MOST]),
        outright=any(one.outright for one in counted),
        in_part=bool(counted) and all(one.reach is Reach.PARTLY for one in counted),
        excepts=any(excepts(one.place.text) for one in counted),
        tells=tells,
        answered=bool(disagreeing),
        firmly=any(one.firm for one in documented),
        denied_products=listener.denied_products(report) if denials and not counted else (),
        disagreement=pair,
    )


def tells_something(answer: Answer) -> bool:
    """Whether an answer tells of something that was done."""
    return any(acts(sentence.text) for sentence in answer.sentences)


def only(sentence: str, thing: Finds) -> bool:
    """Whether a sentence says of a thing that something is all there is of it: "the only monitoring that we have is ..."."""
    text = plain(sentence)
    return any(_ONLY.search(text[: mention.start()]) for mention in thing.finditer(text))


def excepts(sentence: str) -> bool:
    """Whether a denial leaves out something that was done: "no configuration files, apart from that of the sweep"."""
    found = _EXCEPTION.search(plain(sentence))
    return found is not None and _NO_EXCEPTION.search(found["what"]) is None


def in_title(words: Sequence[str], title: str) -> tuple[str, ...]:
    """The phrases whose first word the claim's own title has: a denial "not in full" speaks for those only."""
    known = known_stems((title,))
    return tuple(phrase for phrase in words if stem(phrase.split()[0].strip("*.").lower()) in known)


def speaking_of(
    report: Report | None, claim: Claim, statement: Statement | None, *, besides: Collection[Place] = ()
) -> tuple[Place, ...]:
    """The first sentences of the answers that name the claim's thing, those on its own topics first; `besides` left out."""
    if report is None or statement is None or not statement.subject:
        return ()
    found: list[Place] = []
    by_topic = sorted(report.answers, key=lambda answer: answer.topic not in claim.topics)
    for answer in by_topic:
        own = answer.topic in claim.topics[:1]
        words = (*statement.subject, *statement.in_topic) if own else statement.subject
        for sentence in answer.sentences:
            if may_mention(sentence.text, words) and mentions(sentence.text, words):
                place = quoted(answer.path, sentence)
                found += [] if place in besides else [place]
            if len(found) >= MOST:
                return tuple(found)
    return tuple(found)
