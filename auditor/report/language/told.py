"""What a sentence tells as done: its clauses without those that are negated, hypothetical, a purpose, or only an attempt."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.patterns import pattern
from auditor.report.language.clauses import CLAUSES, HYPOTHETICAL, plain, unsuccessful
from auditor.report.language.verbs import DOING, EXAMINING

_DID = (
    r"(?:(?!will|would|can|could|may|might|should|to\b)[\w']+ ){1,4}?(?:\w+ed|was|were|had|did|took|ran|made|got|gave|found|built|wrote|set|"
    r"chose|went|sent|kept|saw)\b"
)
"""What follows "so" and "when" where they tell of something that was done: "so we trained on", "when the tool showed"."""
_OPENING = pattern(r"^(?:in order )?to (?:\w+ )[^,]{1,150}, (?=\w)", re.IGNORECASE)
"""A purpose in front of what was done for it: "To see where the time goes, we ...", "to avoid the cost of ..., we ..."."""
_PURPOSE = pattern(
    rf",?\s+(?:so|such) that (?=we|it|the|they|you|one|a)|,?\s+so (?=we|it|the|they|you|one|a)(?!{_DID})|"
    r",? in order (?:not )?to |,? to (?:see|find out|ensure|make sure|check|avoid|save|spare|prevent)\b|"
    rf"\b(?:that|which|who)\s+(?=will|would|can|could|may|might|should)|,?\s+when\s+(?!{_DID})|,?\s+(?:if|whenever)\s+|,?\s+where\s+(?!{_DID})|,?\s+until\s+(?!.{{1,80}}\bwhen\s+{_DID})",
    re.IGNORECASE,
)
"""Where a sentence goes over from what was done to what it is for, or under which condition it acts."""
_ALERTING = pattern(
    r"\b(?:alerts?|alerting|alarms?|polic(?:y|ies)|notif\w+|e-?mails?|mails?|pages?|warns?|triggers?|fires?|message[sd]?|slack|sends?)\b[^.;]{0,60}?"
    r"(?=,?\s+(?:(?:so|such) that )?(?:if|when|whenever|once|where|that|which|who)\s+[^.;]{0,80}?(?:\d|\b(?:more than|above|below|over|under|exceed\w*|greater|fewer|less than|fail\w*|errors?|"
    r"latenc\w*|down|5xx|threshold\w*|unavailable|drops?|rises?)\b))",
    re.IGNORECASE,
)
"""An alert with its condition: there the condition is the setting."""
_CONDITION = pattern(
    r",?\s+(?:(?:so|such) that )?(?P<word>if|when|whenever|once|where|that|which|who)\s+", re.IGNORECASE
)
_REPLACED = pattern(r"(?<=\w),? (?:instead of|rather than|in place of) [^,;]{1,120}", re.IGNORECASE)
"""What something was done in the place of."""
_NEGATED = pattern(
    r"\b(?:not(?! (?:only|just|merely|all|every|each)\b)|never|no(?! (?:longer|doubt|matter)\b)|without|unable|neither|nor|instead of|rather than|in place of|skip\w*|omit\w*|"
    r"avoid\w*|spar(?:e|ed|ing)|left (?:out|aside)|left .{1,30} (?:out|aside)|(?:was|were|we) dropped|abandoned|gave up|given up|refrained|too expensive|missing|beyond (?:the|our|what)|out of (?:reach|scope|the question)|impossible|infeasible|unfinished|postponed|future work)\b",
    re.IGNORECASE,
)
_RIGHT = pattern(
    r"^(?P<who>.{0,80}?\b(?:we|i))\s+(?:did|do|have|had) not \w+\b.{1,300}?,?\s+but\s+(?:rather |instead )?(?P<what>(?!(?:we|i|it|they|there|this|that|those|these|our|the \w+ (?:was|were|is|are|did|had)|"
    r"\w+ (?:was|were|is|are|did|had))\b).+)$",
    re.IGNORECASE,
)
""""We did not use a grid, but Bayesian optimisation": what follows "but" was done."""
_INSTRUCTION = pattern(
    r"\b(?:if|when|should) (?:you|one)(?: would)? (?:wants?|likes?|wish\w*|needs?|prefers?)(?: to)?\b", re.IGNORECASE
)
"""Words of an instruction, which tells how a thing is run: "if you would like to start it, use ..."."""
_DEFINITION = pattern(
    r"^[\w /&-]{2,40}:\s+(?:this|it|a|an|the) (?:service|tool)|\b(?:this|the) service (?:enables|allows|provides|offers|lets|is used)\b|"
    r"\bis an? [\w -]{0,30}(?:service|platform|tool|product) (?:that|which|for|to)\b",
    re.IGNORECASE,
)
"""Sentences that say what a product is, not what the group did with it."""
_OF_OURS = pattern(
    r"\b(?:was|were) used\b|\bwe (?:\w+ly )?(?:\w+ed|ran|built|made|set|chose|wrote)\b|\bour\b", re.IGNORECASE
)
_LOCAL = pattern(
    r"\b(?:local|locally|localhost|(?:our|own|a|the|my|members?'?s?) (?:own )?(?:laptops?|computers?|machines?(?! learning)|desktops?|pcs?)|127\.0\.0\.1)\b",
    re.IGNORECASE,
)
_BEYOND = pattern(
    r"\b(?:cloud|gcp|google|run\.app|vertex|bucket|docker|image|container|compute engine|vms?|virtual machines?)\b",
    re.IGNORECASE,
)
"""What is done on the group's own machine describes nothing in the cloud; a Docker image is built locally, though."""
_DONE = pattern(
    r"\b(?:we|i|our|us|ours|was|were|is|are|has|have|been|used|gave|showed|revealed|found|fell|dropped|went)\b",
    re.IGNORECASE,
)
"""What makes a clause tell of something done: the group in it, or a passive."""
_CARRIED_ON = pattern(
    rf"\W*(?:and )?(?:then |later |finally |afterwards |instead )(?:{DOING.done}|{EXAMINING.done})\b", re.IGNORECASE
)
"""A second act of the same people: "..., and then deployed it"."""
_WORKING = pattern(
    r"(?:^|[,;:]\s*)(?:the|our|this|these|it|they|each|both|all|every|one|a|an)\b(?: [\w'’&/-]+){0,6}? "
    r"(?:uses?|tracks?|collects?|records?|sends?|exports?|exposes?|shows?|measures?|monitors?|runs?|triggers?|notif(?:y|ies)|alerts?|stores?|"
    r"logs?|detects?|compares?|serves?|hosts?|builds?|deploys?|scrapes?|watch(?:es)?|counts?|reports?|plots?|mails?|pushes|pulls?|fires?)\b",
    re.IGNORECASE,
)
"""A system of the group's at work, told in the present: "The second layer tracks latency"."""
_STARTED = r"(?:on|after|at|with|upon|for) (?:every|each|any|all|the) [\w /'.-]{1,60}?,? "
_AT_WORK = pattern(
    rf"\W*(?:{_STARTED})?(?:(?:the|our|this|every|each|any)\b(?: [\w'&/.`-]+){{0,7}}?|cloud build|cloud run|github(?: actions)?|gcp|google cloud|vertex(?: ai)?) "
    r"(?:automatically |then |also |now )?"
    r"(?:uses|tracks|collects|records|sends|exports|exposes|shows|measures|monitors|runs|triggers|starts|notifies|alerts|stores|"
    r"logs|detects|compares|serves|hosts|builds|rebuilds|deploys|scrapes|watches|counts|reports|plots|mails|pushes|pulls|fires|creates|"
    r"publishes|updates|invokes|kicks off|launches|executes|trains|receives|listens|warns)\b|"
    rf"\W*(?:{_STARTED})?(?:all |the |our |these |both )?(?:pushes|commits|merges|changes|workflows|triggers|jobs)(?: [\w'&/.`-]+){{0,5}}? "
    r"(?:automatically |then |also |now )?(?:start|trigger|build|rebuild|run|launch|fire|create|push|deploy)\b",
    re.IGNORECASE,
)
"""A clause in which something of the group's is at work: "Every push to main starts the trigger". "A trigger starts ..." explains."""
_OWN_THING = pattern(
    r"\b(?:our|we|us)\b|[\w-]\.(?:ya?ml|dockerfile|py|json|toml|sh)\b|\b(?:main|master|dev|develop)\b|"
    r"\bthe (?:[\w-]+ ){0,2}(?:images?|containers?|api|app|application|model|backend|frontend|repository|job|policy|dashboard)\b",
    re.IGNORECASE,
)
"""What a system at work must be about for it to be the group's: a file, a branch, the image."""
_GENERAL = pattern(
    r"\b(?:typically|usually|generally|in general|normally|you|your|yourself|one|can|cannot|lets?|allows?|enables?|helps?|for example|e\.g|such as|"
    r"imagine|meant to|designed to|intended|proposal|idea|tomorrow|later|soon|next|used to|until)\b|^\W*(?:if|once)\b|"
    r"^\W*(?:this|the|that|such a|such) (?:service|tool|platform|product)\b",
    re.IGNORECASE,
)
"""Words of an explanation in general, or of what is not yet so."""
_PLACED = pattern(
    r"\b(?:cloud|gcp|google|run\.app|vertex|buckets?|compute engine|the engine|vms?|virtual machines?|gke|kubernetes|azure|aws|heroku|hugging ?face|"
    r"public|publicly|online|internet|remote|remotely)\b|https?://(?!localhost|127\.|0\.0\.|\[)",
    re.IGNORECASE,
)
"""What places a thing beyond the group's own machines."""
ONLY_LOCAL = pattern(
    r"\b(?:only|solely|merely|exclusively) (?:(?:managed|able|got|to|deploy\w*|run|ran|running|runs|host\w*|serv\w*|set|up|did|do|done|made|it|our|the|api|"
    r"models?|app|application|this|was|is|available|accessible|reachable|on|in|a|via|with|using|docker|fastapi|uvicorn) ){0,8}(?:local|locally|localhost)\b|"
    r"\b(?:local|locally|localhost) (?:only|alone)\b",
    re.IGNORECASE,
)
"""Words by which an answer that tells of nothing beyond the own machine says that this was all."""
_AFFIRMS = pattern(
    r"\b(?:we|i|our group|the group|the team)\b (?:have |\w+ly |also |both |then |in the end )?(?:managed|succeeded|did (?:so|it|this|that)|were able|was able|"
    r"got (?:it|this|that) (?:to work|working|running))\b|^\W*(?:yes|yeah|yep)\b",
    re.IGNORECASE,
)
"""A yes to "did you manage to ...?"."""
_ACT = pattern(
    rf"\b(?:we|i|group|team|members?|one of us|he|she|they)\b(?: (?:have|has|had|then|also|therefore|instead|simply|only|\w+ly)){{0,3}} "
    rf"(?:(?!had\b|have\b|ran (?:into|out)|run (?:into|out)|tried\b|attempted\b|prioriti|explored\b|got\b|gotten\b|done\b|did\b|started\b|spent\b|looked\b)(?:{DOING.done}|{EXAMINING.done}|set|wrote|ran(?! (?:into|out))|chose|put))\b|"
    rf"\b(?:was|were|is|are|has been|have been)(?: \w+ly| also| then){{0,2}} (?:(?!prioriti|explored\b|attempted\b|tried\b)(?:{DOING.done}|{EXAMINING.done}))\b",
    re.IGNORECASE,
)
"""An act of the group, or of which it is told that it was done."""
LEFT_STANDING = pattern(
    r"\b(?:apart|aside) from|\b(?:except(?: for)?|other than|besides|save for|(?:no|not|nothing|anything)\b[^.;]{0,60}\bbeyond)\s+(?=the\b|our\b|what\b|some\b|basic\b|a\b|an\b|\w)|"
    r"\bthe only (?:\w+ ){1,4}?(?:(?:that |which )?(?:we (?:have|had|use|used|set up|did|do|made|added)|there is|there was) )?(?:is|was|are|were|comes? from|came from)\b",
    re.IGNORECASE,
)
"""What a denial leaves standing: "no monitoring apart from ...", "the only monitoring that we have is ..."."""


@lru_cache(maxsize=4096)
def told(sentence: str, *, locally: bool = False) -> str:
    """The clauses of a sentence that tell of something done; empty where there are none.

    `locally` where what is done on the group's own machine counts as well.
    """
    text = plain(sentence)
    if _DEFINITION.search(text) and not _OF_OURS.search(text):
        return ""
    kept = " ".join(clauses_told(text))
    right = _RIGHT.match(text)
    if right is not None and not HYPOTHETICAL.search(right["what"]):
        kept = f"{kept} {right['who']} used {right['what']}".strip()
    if not (_DONE.search(kept) or any(map(_CARRIED_ON.match, clauses_told(text)))) or (not locally and is_local(kept)):
        return ""
    return kept


_WILL = pattern(r"(?<= at)\s+will\s+", re.IGNORECASE)
"""What an alert that is set up "will" do is its setting, no plan."""


@lru_cache(maxsize=4096)
def clauses_told(text: str) -> tuple[str, ...]:
    """The clauses of a plain sentence that are neither negated, hypothetical, a purpose, nor an attempt."""
    main = _INSTRUCTION.sub("to", text)
    main = _REPLACED.sub("", _OPENING.sub("", main))
    main = _PURPOSE.split(with_condition(main), maxsplit=1)[0]
    return tuple(
        clause
        for clause in CLAUSES.split(main)
        if clause and not (_NEGATED.search(clause) or HYPOTHETICAL.search(clause) or unsuccessful(clause))
    )


def with_condition(text: str) -> str:
    """A sentence on an alert with its condition as a setting: where "if" and "when" would end it, "at" stands."""
    alerting = _ALERTING.search(text)
    if alerting is None or HYPOTHETICAL.search(text[: alerting.end()]):
        return text
    behind = _CONDITION.sub(" at ", text[alerting.end() :], count=1)
    return text[: alerting.end()] + _WILL.sub(" ", behind, count=1)  # "an alert that will mail us" is set up


def is_local(text: str) -> bool:
    """Whether what is told was done on the group's own machine."""
    return _LOCAL.search(text) is not None and _BEYOND.search(text) is None


@lru_cache(maxsize=4096)
def works(sentence: str) -> str:
    """The clauses that tell, in the present, what a system of the group's does; empty where there are none."""
    kept = [clause for clause in clauses_told(plain(sentence)) if _WORKING.search(clause)]
    return " ".join(kept)


@lru_cache(maxsize=4096)
def at_work(sentence: str, *, locally: bool = False) -> str:
    """The clauses of a sentence that tells, in the present, what something of the group's own does; empty for any other.

    An explanation of what such things do in general is none, nor a plan.
    """
    text = plain(sentence)
    clauses = clauses_told(text)
    kept = " ".join(clauses)
    if _DEFINITION.search(text) or _GENERAL.search(kept) or HYPOTHETICAL.search(text) or not _OWN_THING.search(kept):
        return ""
    if not any(map(_AT_WORK.match, clauses)) or (not locally and is_local(kept)):
        return ""
    return kept


@lru_cache(maxsize=4096)
def affirms(sentence: str) -> bool:
    """Whether a sentence says yes to "did you manage to ...?"."""
    return _AFFIRMS.search(told(sentence, locally=True) or " ".join(clauses_told(plain(sentence)))) is not None


@lru_cache(maxsize=512)
def stays_local(texts: tuple[str, ...]) -> bool:
    """Whether what these sentences tell happens on the group's own machine, and nothing that they tell is anywhere else."""
    kept = [" ".join(clauses_told(plain(text))) for text in texts]
    return any(map(_LOCAL.search, kept)) and not any(map(_PLACED.search, kept))


@lru_cache(maxsize=4096)
def acts(sentence: str) -> bool:
    """Whether a sentence tells of something that the group did, beyond its own machines."""
    kept = " ".join(clauses_told(plain(sentence)))
    return _ACT.search(kept) is not None and not is_local(kept)
