"""Count signals of language errors that need no parser: spelling, casing, punctuation, spacing and agreement.

A signal is a hint, not a proof; some hit correct text. Weights and conclusions belong to ``writing_features``.
"""

import re

_LONGEST_SENTENCE = 42
_LONGEST_SIGNATURE = 5
_ENDINGS = (".", "!", "?", '"', "'", ")", ":", "\u201d", "\u2019")

_BARE_CONTRACTIONS_TEXT = """
    dont cant wont didnt doesnt isnt arent wasnt werent havent hasnt hadnt couldnt wouldnt shouldnt im ive youre
    theyre thats whats theres hes shes
"""
_BARE_CONTRACTIONS = frozenset(_BARE_CONTRACTIONS_TEXT.split())
_MISSPELLINGS_TEXT = """
    becouse becuse beacuse becaus becuase wich whitch whit wiht teh hte thier ther thay thier theire freind frend
    freinds recieve beleive belive beatiful beautifull beutiful diffrent differnt diferent intresting interresting
    intrested goverment enviroment enviorment definately definetly realy finaly especialy usefull sucessful
    succesful sucess neccessary necesary untill tommorow tomorow allways alway allmost alot alots aswell infact wery
    verry vary shuld shoud shold shoudl woud coud cud peple peaple poeple pepole peapole everthing evrything
    everyting somthing sometings somone befor befour importent imporant importan pollusion polution probleme problam
    studing writting writen comming haveing makeing takeing hopeing geting runing swiming stoped begining happend
    hapened happed learnd teached catched buyed goed wented thinked knowed runned eated childs mans womans
    informations advices homeworks furnitures equipments knowledges peoples sheeps schol scool shool tought thougth
    thougt trought thru arround agian agin becase cauce couse enought enogh enouf hole-heartedly oppinion opinon
    posible possibel imposible persone personaly activites activitys citys countrys familys babys partys storys
    technologys univercity langauge languge libary seperate tipical usualy mabye maby prefere dom oxå nån nått iaf
    iallafall ngn ngt mej dej sej eftersomatt defenitivt intresant intressan tillexempel
"""
_MISSPELLINGS = frozenset(_MISSPELLINGS_TEXT.split())
_ENGLISH_TEXT = """
    the and of to is in that it was for are with you this have
"""
_ENGLISH = frozenset(_ENGLISH_TEXT.split())

_SINGULAR = "student|teacher|thing|book|friend|person|school|reason|way|car|country|problem|child|job|parent|year|day"
_PLURAL = "students|teachers|things|books|friends|schools|reasons|ways|people|cars|countries|problems|children|jobs"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(he|she|it)\s+(have|do|go|want|need|like|think|say|make|don['\u2019]?t|are|were)\b(?!\s+been)",
        r"\b(they|we|you)\s+(has|does|goes|wants|needs|likes|thinks|says|makes|was|is)\b",
        r"\bi\s+(has|is|does|goes|are|wants|needs|likes|thinks)\b",
        r"\b(people|children|students|teachers|men|women)\s+(is|was|has|does|goes|wants|needs|likes|thinks)\b",
        rf"\b(many|few|several|these|those|two|three|four|five)\s+({_SINGULAR})\b",
        rf"\b(this|every|each|another)\s+({_PLURAL})\b",
        r"\bmore\s+(better|worse|easier|bigger|faster|cheaper|happier|smaller|stronger|older|younger)\b",
        r"\bmost\s+(best|worst|easiest|biggest|fastest)\b",
        r"\b(much)\s+(people|students|things|friends|books|cars|problems|children)\b",
        r"\b(can|could|will|would|should|must|may|might)\s+(to|has|is|was|goes|does|been|went|did)\b",
        r"\b(to)\s+(went|was|were|did|had|bought|thought|knew|took|goes|makes|takes|learning to)\b",
        r"\b(did|does|do|didn['\u2019]?t|doesn['\u2019]?t|don['\u2019]?t)\s+(not\s+)?(went|saw|had|bought|knew|took|came|has|goes)\b",
        r"\b(am|is|are)\s+(agree|disagree|think|want|go|like|can|have)\b",
        r"\ban\s+(?!hour|honest|hono)[bcdfgjklmnpqrstvwxyz]",
        r"\ba\s+(?!uni|use|usu|eu|one|once|ut[io])[aeiou][a-z]",
        r"\b(should|would|could|must)\s+of\b",
        r"\b(depend|depends)\s+of\b|\bdiscuss\s+about\b|\binterested\s+(for|of|about)\b|\bgood\s+in\s+(sport|english|math)",
        r"\bthere\s+(is|was)\s+(many|several|a lot of \w+s|two|three)\b",
        r"\b(a|an)\s+(the|this|that|these|those|my|your)\b|\bthe\s+(a|an|my|this)\b",
        r"\b(en)\s+(barn|hus|år|träd|djur|problem|land)\b|\b(ett)\s+(bil|skola|bok|vän|dag|person|stad)\b",
        r"\b([^\W\d_]{2,})\s+\1\b(?<!\bhad had)(?<!\bthat that)",
        r"([^\W\d_])\1\1",
        r"\b[^\W\daeiouyåäöéèêüæøáíóúàâîôû_]{6,}\b",
        r"[bcdfghjklmnpqrstvwxz]{6,}",
    )
)
_SPACE_BEFORE = re.compile(r"[^\W\d_]\s+[,.!?;:](?!\.)")
_NO_SPACE_AFTER = re.compile(r"[^\W\d_]{2,}[,;!?][^\W\d_]|[a-zåäö]{2,}\.[A-ZÅÄÖ][a-zåäö]")
_LOWER_START = re.compile(r"(?:^|\w{2}[.!?]\s+|\n\s*\n\s*)[\"'\u201c\u2018(]?[a-zåäö](?!\.)")
_LONE_I = re.compile(r"(?<![\w.'\u2019])i(?=['\u2019](?:m|ve|ll|d)\b|\s)(?!\.)")
_SHOUTED = re.compile(r"[!?]{3,}")


def count_errors(text: str, words: list[str], sentence_lengths: list[int]) -> float:
    """Return how many error signals a text shows.

    Args:
        text: The essay.
        words: Its words in lower case.
        sentence_lengths: Words per sentence.
    """
    english = len(_ENGLISH & set(words)) >= 3 or not _has_swedish(words)  # noqa: PLR2004 - a few function words do
    spelling = sum(word in _MISSPELLINGS for word in words)
    bare = sum(word in _BARE_CONTRACTIONS for word in words) if english else 0
    patterns = sum(len(pattern.findall(text)) for pattern in _PATTERNS)
    lone_i = len(_LONE_I.findall(text)) if english else 0
    return spelling + 0.7 * bare + patterns + 0.7 * lone_i + _mechanics(text, sentence_lengths)


def _mechanics(text: str, sentence_lengths: list[int]) -> float:
    run_on = sum(max(0, length - _LONGEST_SENTENCE) / _LONGEST_SENTENCE for length in sentence_lengths)
    unfinished = 1.0 if _is_unfinished(text) else 0.0
    spacing = len(_SPACE_BEFORE.findall(text)) + len(_NO_SPACE_AFTER.findall(text))
    return 2 * run_on + unfinished + 0.5 * spacing + len(_LOWER_START.findall(text)) + len(_SHOUTED.findall(text))


def _is_unfinished(text: str) -> bool:
    last = (text.strip().splitlines() or [""])[-1]
    # A short last line is a signature or a greeting, which takes no full stop.
    return len(last.split()) > _LONGEST_SIGNATURE and not last.endswith(_ENDINGS)


def _has_swedish(words: list[str]) -> bool:
    return len({"och", "att", "det", "som", "är", "jag", "på"} & set(words)) >= 2  # noqa: PLR2004 - as above
