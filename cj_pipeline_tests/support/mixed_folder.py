"""Sixty files as a school brings them: most can be read, a dozen cannot, and each of these for a reason of its own."""

from pathlib import Path
from typing import Final

from cj_pipeline_tests.support import essay_documents as written
from cj_pipeline_tests.support.folders import SAMPLES

BAD: Final = {
    "bad-01 zero bytes.docx": (b"", "the essay is empty"),
    "bad-02 zero bytes.txt": (b"", "the essay is empty"),
    "bad-03 blank.txt": (b" \r\n\t\r\n", "the essay is empty"),
    "bad-04 scanned.pdf": (written.scanned_pdf(), "run text recognition (OCR)"),
    "bad-05 locked.pdf": (written.pdf(["secret"], password="pw"), "is locked with a password; save it without one"),
    "bad-06 locked.docx": (written.LOCKED_OFFICE, "is locked with a password; save it without one"),
    "bad-07 old.doc": (written.OLD_WORD, "is in an old format of Office; open it and save it as .docx"),
    "bad-08 photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(2000), "is a picture; run text recognition (OCR)"),
    "bad-09 bomb.docx": (written.bomb("word/document.xml", 60_000_000), "would take far more room unpacked"),
    "bad-10 cut off.docx": (written.word(["Cut off."])[:-300], "is damaged"),
    "bad-11 binary.txt": (bytes(range(256)) * 8, "holds binary data, not text"),
    "bad-12 blank page.pdf": (written.empty_pdf(), "the essay is empty"),
}
"""Contents of the files that cannot be read, and what has to be said of each."""

ROSTER: Final = "Namn;Elev-ID;Klass\n" + "".join(
    f"{name};S{1000 + i};9B\n"
    for i, name in enumerate(("Anna Svensson", "Åsa Öhrn", "Ibrahim Khatib", "Per Lind", "Zbigniew Wójcik"))
)
NAMED: Final = ("Anna Svensson", "öhrn_åsa_9B", "S1002", "PerLind", "zbigniew.wojcik")


def paragraphs(number: int) -> list[str]:
    """The paragraphs of one of the sample essays, with a line of its own."""
    files = sorted(SAMPLES.glob("*/essays/*.txt"))
    text = files[number % len(files)].read_text("utf-8")
    return [f"Text {number}, written by hand number {number * 7919}."] + [
        " ".join(part.split()) for part in text.split("\n\n") if part.strip()
    ]


def good_files() -> dict[str, bytes]:
    """Forty-eight files that can be read, in eight formats and as many encodings."""
    texts = [paragraphs(n) for n in range(48)]
    plain = ["\n\n".join(text) for text in texts]
    files: dict[str, bytes] = {}
    for n in range(10):
        files[f"word {n:02d}.docx"] = written.word(texts[n])
    for n in range(10, 16):
        files[f"open {n}.odt"] = written.open_document(texts[n])
    for n in range(16, 24):
        files[f"print {n}.pdf"] = written.pdf([t.encode("latin-1", "ignore").decode("latin-1") for t in texts[n]])
    for n in range(24, 28):
        files[f"page {n}.html"] = written.web_page(texts[n])
    for n in range(28, 32):
        files[f"rich {n}.rtf"] = written.rich_text(texts[n])
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252")
    for n, encoding in enumerate(encodings, 32):
        files[f"text {n}.txt"] = plain[n].encode(encoding, "ignore")
    files["text 38.md"] = plain[38].encode()
    files["text 39.TXT"] = plain[39].replace("\n", "\r\n").encode()
    files["wrong 40.txt"] = written.word(texts[40])
    files["wrong 41.docx"] = written.pdf([t.encode("latin-1", "ignore").decode("latin-1") for t in texts[41]])
    files["large 42.docx"] = written.word(texts[42], padding=5_000_000)
    for name, n in zip(NAMED, range(43, 48), strict=True):
        files[f"{name}.docx"] = written.word([*texts[n], "Yours, Anna Svensson, Per and Åsa Öhrn in 9B"])
    return files


def write_mixed_folder(folder: Path) -> Path:
    """Write sixty files, and a class list beside them."""
    folder.mkdir(parents=True)
    for name, data in {**good_files(), **{name: data for name, (data, _) in BAD.items()}}.items():
        (folder / name).write_bytes(data)
    (folder / "klasslista.csv").write_bytes(ROSTER.encode("latin-1"))
    return folder
