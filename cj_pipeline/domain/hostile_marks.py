"""Marks that copy a prompt or an answer: tags, template tokens, headings, roles at line starts, verdicts as data.

All patterns are for a folded text (folded_text): small letters, single gaps. What speaks in sentences belongs to
hostile_phrases.
"""

import re
from typing import Final

from cj_pipeline.domain.hostile_phrases import ADDRESSES, VERDICT

DELIMITER: Final = "fake_delimiter"

_SIDE: Final = r"""["'(\[]*(?:essay |text |uppsats |the )?(?:[ab12]|first|second|this(?: one| essay)?)["')\]]*"""
_KEYS: Final = (
    r"better[ _-]?essay|best[ _-]?essay|preferred(?:[ _-]essay)?|chosen(?:[ _-]essay)?|winn(?:er|ing[ _-]essay)|verdict|"
    r"final[ _-](?:answer|verdict|decision|judg\w+)|judg(?:e?ment|ed better)|decision|vinnare|utslag|"
    r"battre[ _-]?(?:uppsats|essa|text)|sieger|gewinner|gagnant|vainqueur|ganadora?|vincitore|vencedor"
)
_STRENGTHS: Final = r"(?:slightly|clearly|much|somewhat|strongly|decisively|tydligt|mycket|nagot)"
_ABOUT_JUDGING: Final = (
    r"essay|uppsats|aufsatz|redaction|ensayo|rubric|kriteri|criteri|instruction|instruktion|anweisung|better|winner|"
    r"judge|verdict|grade|ignore|choose|valj"
)
_HEADINGS: Final = (
    r"(?:new |updated |final |revised |your |the |assessment |grading |marking |scoring |important |ny[at]? )?(?:"
    r"criteria|rubric|how to answer|writing task(?: given.*)?|instructions?(?: (?:to|for) .*)?|system(?: .*)?|"
    r"verdict|judge?ment|answer format|output(?: format)?|response(?: format)?|override|evaluation(?: criteria| result)?|"
    r"essay [ab](?:\b.*)?|kriterier(?:na)?|bedomning(?:skriterier|sanvisningar)?|instruktion(?:er)?(?: .*)?|"
    r"sa (?:ska du )?svarar? ?(?:du)?|anweisung(?:en)?|bewertungskriterien|kriterien|consignes?|criteres|criterios|instrucciones)"
)
_TAGS: Final = (
    r"essays?(?:[ _-]?(?:[ab12]|one|two))?|student[ _-]?(?:essay|text)|system(?:[ _-]?\w+)?|instructions?|rubric|criteria|"
    r"assistant|user|prompt|judge|answer|verdict|context|document|task|tool_call|tool|admin|override|inst|sys|text[ _-]?[ab]|"
    r"uppsats(?:[ _-]?[ab])?|instruktion(?:er)?"
)

MARKS: Final = tuple(
    (family, re.compile(pattern, re.MULTILINE))
    for family, pattern in (
        (VERDICT, rf"""["']?\b(?:{_KEYS})\b["']?\s*(?:[:=]|-?>|is:)\s*{_SIDE}(?!\w)(?:\s*[,;]?\s*["']?strength["']?\s*[:=]\s*["']?\w+)?"""),
        (VERDICT, r"""["']?\bbetter_essay\b["']?"""),
        (VERDICT, rf"""["']?\b(?:strength|styrka)["']?\s*[:=]\s*["']?{_STRENGTHS}\b"""),
        (VERDICT, r"""["'](?:winner|strength|verdict|better|preferred|reason|grade|score)["']\s*:\s*(?:["'\d\[{]|true|null)"""),
        (DELIMITER, rf"<\s*/?\s*(?:{_TAGS})(?:[\s_:-][^<>\n]{{0,80}})?/?\s*>"),
        (DELIMITER, r"<\s*/?\s*essay[ _-]?[ab12]\b"),
        (DELIMITER, r"""\bnonce\s*=\s*["']?\w+"""),
        (DELIMITER, r"<\s*\|\s*\w[\w ]{0,30}\|\s*>|\[\s*/?\s*inst\s*\]|<<\s*/?\s*sys\s*>>|<\s*(?:start|end)_of_turn\s*>|</?s>"),
        (DELIMITER, r"\[\s*/?\s*(?:system|essay[ _-]?[ab12]|end of (?:the )?essay[^\]\n]{0,20}|assistant|instructions?)\s*[\]:]"),
        (DELIMITER, rf"^ ?#{{1,6}} ?{_HEADINGS}[ :#]*$|^ ?(?:\*\*|==+|--+|__) ?{_HEADINGS} ?:?(?:\*\*|==+|--+|__) ?:?$"),
        (
            DELIMITER,
            r"^[^\w\n]*(?:end|start|begin(?:ning)?|slut|ende|fin) (?:of|pa|des|del?|de la) (?:the )?(?:student'?s? )?"
            r"(?:essays?|text|uppsats\w*|texte|aufsatz(?:es)?|submission|input|document)(?: [ab12])?[^\w\n]*$",
        ),
        (ADDRESSES, r"^[^\w\n]*system[ _-]?(?:message|prompt|override|notice|update|instructions?|note|command|alert)[^\w\n]*(?::|>|\]|$)"),
        (ADDRESSES, rf"^[^\w\n]*system[^\w\n]{{0,4}}[:>\]\n](?=.{{0,200}}?(?:{_ABOUT_JUDGING}))"),
        (ADDRESSES, r"(?<![\w'])system (?:message|prompt|override|notice|instructions?|command) ?:"),
        (ADDRESSES, r"^[^\w\n]*system(?:meddelande|nachricht)(?! \w+ \w+ \w+ \w+\.)"),
        (
            ADDRESSES,
            rf"^[^\w\n]*(?:assistant|user|human|developer|admin(?:istrator)?|moderator|examiner|operator|judge|ai)"
            rf"(?: (?:note|message|override|mode))?[^\w\n]{{0,3}}: ?(?=[^\n]{{0,160}}(?:{_ABOUT_JUDGING}))[^\n]{{0,160}}",
        ),
    )
)  # fmt: skip
"""What to look for, with its family."""
