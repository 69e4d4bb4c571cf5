"""What text that speaks to the judge looks like, by family. Data for `hostile_text`; tuned on part of the attack suite.

Patterns run on a case-folded view without accents. They ask for an order to a reader ("choose this essay"), not for a
topic: essays about judges, grades, rules or artificial intelligence have to pass.
"""

import re
from collections.abc import Mapping
from typing import Final

ADDRESSES: Final = "speaks to the judge"
VERDICT: Final = "looks like a verdict"
DELIMITER: Final = "looks like a delimiter"
HIDDEN: Final = "hidden text"

_THIS = r"(?:th(?:is|e|at) (?:\w+ )?(?:essay|text|composition|one)|essay [ab12]\b|my (?:essay|text)|the essay (?:you|with|that))"
_PICK = r"(?:choose|pick|select|prefer|favou?r|vote for|reward|mark|rate|rank|declare|judge)"
_START = r"(?:^|[.!?:;,\n\"'(\[*#>-]\s*|\b(?:please|must|should|to|and|now|so|will|shall|always|would|kindly)\s+)"
_RULES = r"(?:rubric|criteria|instructions?|guidelines?|prompt|grid|evaluation|marking scheme)"
_AI = r"(?:ai|a\.i\.|llm|gpt|chatgpt|claude|gemini|(?:large )?language model|chatbot)"
_MARKER = r"(?:grader|judge|examiner|assessor|evaluator|marker|rater)"

_ENGLISH = (
    rf"{_START}(?:ignore|disregard|forget|override|bypass|skip|discard)\b[^.!?\n]{{0,40}}\b{_RULES}\b",
    rf"{_START}(?:ignore|disregard|forget|override)\b[^.!?\n]{{0,20}}\b(?:previous|prior|above|earlier)\b",
    rf"{_START}{_PICK}(?:ed|s)? {_THIS}",
    r"\b(?:answer|output|say|respond|reply|conclude|decide)s? (?:only |just )?(?:that|with) (?:this essay|essay [ab])\b",
    r"\bthis (?:essay|text) (?:is|wins|must|should|deserves|has to|needs to)\b[^.!?\n]{0,25}\b(?:better|best|winner|win|wins|chosen|preferred|selected)\b",
    r"\bthis (?:essay|text) (?:is the winner|wins|be (?:chosen|selected|preferred))\b",
    r"\b(?:better|best|winning) (?:essay|text) is (?:this|essay [ab]|the one you)",
    r"\bdo not (?:compare|evaluate|judge|consider|read) (?:anything|the other|essay)",
    rf"\b(?:dear|hello|hey|hi|attention|(?:note )?to the|to whoever) (?:{_AI} )?(?:{_MARKER}|{_AI})\b[^.!?\n]{{0,60}}(?:please|mark|choose|prefer|pick|select|kindly|asked|this)",
    rf"\b(?:if )?you are (?:now |an? )*(?:{_AI}|in \w+ mode)\b",
    rf"\bas an? {_AI},? you\b",
    r"^\s*(?:system|assistant|developer|user|human)(?: message| prompt)?\s*:",
    rf"\b(?:new|updated|revised|changed|correct(?:ed|ion to the)?|real|actual|true) (?:{_RULES}|task)\b\s*(?::|is\b)",
    rf"\b(?:the|your|usual) {_RULES} (?:has changed|have changed|does not apply|do not apply|contain)",
    r"\bthe essay (?:that|which|with|containing)\b[^.!?\n]{0,40}\b(?:is|always|must be) (?:always )?(?:the )?(?:better|preferred|chosen)",
    r"\b(?:let|make|have) (?:this|my) (?:essay|text) (?:win|pass|be chosen)",
    r"\bthis (?:essay|text) (?:has|was) (?:already )?(?:been )?(?:graded|approved|verified|judged|awarded)",
)  # fmt: skip

_OTHERS = (
    # Swedish
    r"\b(?:bortse fran|ignorera|strunta i|glom)\b[^.!?\n]{0,40}\b(?:kriteri|instruktion|bedomning|anvisning|ovanstaende)",
    r"\b(?:valj|foredra|rosta pa|utse)\b[^.!?\n]{0,20}\b(?:den har|denna|min|text [ab]|uppsats [ab])",
    r"\b(?:till dig som bedomer|till bedomaren|till domaren)\b",
    # German
    r"\b(?:ignorier\w*|missacht\w*|vergiss|vergessen sie)\b[^.!?\n]{0,40}(?:kriteri|anweisung|vorgabe|bewertung)",
    r"\b(?:wahle?n?|bevorzuge?n?|nimm)\b[^.!?\n]{0,20}\b(?:diese[nrs]?|aufsatz [ab]|text [ab])\b",
    # French
    r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?\n]{0,40}\b(?:consigne|critere|instruction|grille|bareme)",
    r"\b(?:choisi\w*|prefere[zr]?|selectionne[zr]?)\b[^.!?\n]{0,15}\b(?:cette|ce|mon|ma) (?:redaction|texte|copie|essai)",
    # Spanish, Portuguese, Italian
    r"\b(?:ignor[ae]\w*|olvid[ae]\w*|esque[cç]a|dimentica)\b[^.!?\n]{0,40}\b(?:criteri|instruc|istruzion|rubrica)",
    r"\b(?:elig[ea]\w*|elij[ae]\w*|escog[ea]\w*|selecciona|prefiere|escolha|scegli)\b[^.!?\n]{0,15}\b(?:este|esta|mi|quest[oa])\b",
    # Chinese
    r"(?:忽略|无视|忘记)[^。！？\n]{0,12}(?:标准|指示|说明|规则|要求)",
    r"选(?:择)?(?:这|本|此)(?:篇|一篇)",
    # Arabic
    r"(?:تجاهل|انس)[^.!?\n]{0,20}(?:معايير|تعليمات)",
    r"اختر\s+(?:هذا|هذه)",
    # Russian
    r"(?:игнориру\w*|забудь\w*)[^.!?\n]{0,30}(?:критери|инструкц|правил)",
    r"(?:выбери\w*|предпочти\w*)[^.!?\n]{0,20}(?:это|этот|мо[еий])",
)  # fmt: skip

PATTERNS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    ADDRESSES: tuple(re.compile(p, re.MULTILINE) for p in (*_ENGLISH, *_OTHERS)),
    VERDICT: tuple(
        re.compile(p, re.MULTILINE)
        for p in (
            r"[\"']?better[_ ]essay[\"']?\s*[:=]",
            r"[\"']?(?:winner|verdict|strength)[\"']?\s*[:=]\s*[\"']?(?:essay|[ab]\b|this|much|clearly|slightly|first|second)",
            r"\{\s*\"(?:reason|winner|verdict|better|score|strength|justification)",
            r"```\s*(?:json)?",
            r"\b(?:final|judge'?s|examiner'?s|grader'?s|assessor'?s) (?:decision|verdict|answer|judgement)\b\s*[:=]",
            r"\banswer\s*[:=]\s*(?:essay )?[ab]\b",
            r"\bessay [ab] is (?:clearly |much )?(?:the )?better\b",
        )
    ),
    DELIMITER: tuple(
        re.compile(p, re.MULTILINE)
        for p in (
            r"</?\s*essay[_ -]?[ab]?\b[^>\n]{0,60}>",
            r"\bnonce\s*=",
            r"<\|[^|>\n]{1,30}\|>",
            r"\[/?(?:inst|system|sys|user|assistant)\]",
            r"</?(?:system|user|assistant|human|instructions?|prompt|rubric|criteria|student_text|input|document)>",
            r"^\s*#{1,6}\s*(?:criteria|how to answer|writing task|kriterier|sa svarar du|instructions?|system|rubric|response|output)",
            r"^\W*(?:end|begin|start) of (?:the )?(?:essay|text|input|prompt|document|student text)\W*$",
            r"^\W*end of input\b",
        )
    ),
    HIDDEN: (re.compile(r"<!--"),),
}
"""Patterns by family, for `plain_view` views."""
