"""Marks that copy a prompt or an answer: tags, template tokens, headings, roles at line starts, verdicts as data.

All patterns are for a folded text (folded_text): small letters, single gaps. What speaks in sentences belongs to
hostile_phrases.
"""

import re
from typing import Final

from cj_pipeline.domain.hostile_phrases import ADDRESSES, VERDICT

DELIMITER: Final = "fake_delimiter"

_SIDE: Final = r"""["'(\[]*(?:essay |text |uppsats |the )?(?:[ab12]|first|second|this(?: one| essay)?)["')\]]*(?!\w)"""
_KEYS: Final = (
    r"(?:better[ _-]?essay|best[ _-]?essay|preferred(?:[ _-]essay)?|chosen(?:[ _-]essay)?|winn(?:er|ing[ _-]essay)|"
    r"verdict|final[ _-](?:answer|verdict|decision|judg\w+)|judg(?:e?ment|ed better)|decision|vinnare|utslag|"
    r"battre[ _-]?(?:uppsats|essa|text)|sieger|gewinner|gagnant|vainqueur|ganadora?|vincitore|vencedor)"
)
_IS: Final = r"""["']?\s*(?:[:=]|-?>|is:)\s*"""
_STRENGTHS: Final = r"(?:slightly|clearly|much|somewhat|strongly|decisively|tydligt|mycket|nagot)"
_ABOUT_JUDGING: Final = (
    r"(?:essay|uppsats|aufsatz|redaction|ensayo|rubric|kriteri|criteri|instruction|instruktion|anweisung|better|winner|"
    r"judge|verdict|grade|ignore|choose|valj)"
)
_HEADINGS: Final = (
    r"(?:new |updated |final |revised |your |the |assessment |grading |marking |scoring |important |ny[at]? )?(?:"
    r"criteria|rubric|how to answer|writing task(?: given.*)?|instructions?(?: (?:to|for) .*)?|system(?: .*)?|"
    r"verdict|judge?ment|answer format|output(?: format)?|response(?: format)?|override|essay [ab](?:\b.*)?|"
    r"evaluation(?: criteria| result)?|kriterier(?:na)?|bedomning(?:skriterier|sanvisningar)?|"
    r"instruktion(?:er)?(?: .*)?|"
    r"sa (?:ska du )?svarar? ?(?:du)?|anweisung(?:en)?|bewertungskriterien|kriterien|consignes?|criteres|criterios|"
    r"instrucciones)"
)
_RULE: Final = r"(?:\*\*|==+|--+|__)"
_TAGS: Final = (
    r"(?:essays?(?:[ _-]?(?:[ab12]|one|two))?|student[ _-]?(?:essay|text)|system(?:[ _-]?\w+)?|instructions?|rubric|"
    r"criteria|assistant|user|prompt|judge|answer|verdict|context|document|task|tool_call|tool|admin|override|inst|sys|"
    r"text[ _-]?[ab]|uppsats(?:[ _-]?[ab])?|instruktion(?:er)?)"
)
_EDGES: Final = (
    r"(?:end|start|begin(?:ning)?|slut|ende|fin) (?:of|pa|des|del?|de la) (?:the )?(?:student'?s? )?"
    r"(?:essays?|text|uppsats\w*|texte|aufsatz(?:es)?|submission|input|document)(?: [ab12])?"
)
_SYSTEM_PARTS: Final = r"(?:message|prompt|override|notice|update|instructions?|note|command|alert)"
_ROLES: Final = r"(?:assistant|user|human|developer|admin(?:istrator)?|moderator|examiner|operator|judge|ai)"

_VERDICTS: Final = (
    rf"""["']?\b{_KEYS}\b{_IS}{_SIDE}(?:\s*[,;]?\s*["']?strength{_IS}["']?\w+)?""",
    r"""["']?\bbetter_essay\b["']?""",
    rf"""["']?\b(?:strength|styrka){_IS}["']?{_STRENGTHS}\b""",
    r"""["'](?:winner|strength|verdict|better|preferred|reason|grade|score)["']\s*:\s*(?:["'\d\[{]|true|null)""",
)
_DELIMITERS: Final = (
    rf"<\s*/?\s*{_TAGS}(?:[\s_:-][^<>\n]{{0,80}})?/?\s*>",
    r"<\s*/?\s*essay[ _-]?[ab12]\b",
    r"""\bnonce\s*=\s*["']?\w+""",
    r"<\s*\|\s*\w[\w ]{0,30}\|\s*>|\[\s*/?\s*inst\s*\]|<<\s*/?\s*sys\s*>>|<\s*(?:start|end)_of_turn\s*>|</?s>",
    r"\[\s*/?\s*(?:system|essay[ _-]?[ab12]|end of (?:the )?essay[^\]\n]{0,20}|assistant|instructions?)\s*[\]:]",
    rf"^ ?#{{1,6}} ?{_HEADINGS}[ :#]*$",
    rf"^ ?{_RULE} ?{_HEADINGS} ?:?{_RULE} ?:?$",
    rf"^[^\w\n]*{_EDGES}[^\w\n]*$",
)
_SPEAKERS: Final = (
    rf"^[^\w\n]*system[ _-]?{_SYSTEM_PARTS}[^\w\n]*(?::|>|\]|$)",
    rf"^[^\w\n]*system[^\w\n]{{0,4}}[:>\]\n](?=.{{0,200}}?{_ABOUT_JUDGING})",
    rf"(?<![\w'])system {_SYSTEM_PARTS} ?:",
    r"^[^\w\n]*system(?:meddelande|nachricht)(?! \w+ \w+ \w+ \w+\.)",
    rf"^[^\w\n]*{_ROLES}(?: (?:note|message|override|mode))?[^\w\n]{{0,3}}: ?(?=[^\n]{{0,160}}{_ABOUT_JUDGING})",
)

MARKS: Final = tuple(
    (family, re.compile(pattern, re.MULTILINE))
    for family, patterns in ((VERDICT, _VERDICTS), (DELIMITER, _DELIMITERS), (ADDRESSES, _SPEAKERS))
    for pattern in patterns
)
"""What to look for, with its family."""
