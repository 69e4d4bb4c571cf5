"""Essays as LibreOffice itself writes them: read whole, and those behind a password named."""

import json
import subprocess
from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.dispatch import read_document
from cj_pipeline_tests.support.processes import run_cj

pytestmark = pytest.mark.office

_PATIENCE_S = 120.0
_FILTERS = {
    "docx": "MS Word 2007 XML",
    "odt": "writer8",
    "rtf": "Rich Text Format",
    "pdf": "writer_pdf_Export",
    "doc": "MS Word 97",
}
_LONG = "She taught me to ask “why” - and “why not” - before anything else, " * 4 + "which is what I remember."
_PAGE = f"""<html><head><meta charset="utf-8"></head><body><h1>My role model</h1>
<p>Åsa is my aunt; she is 1.52 tall.<br>She says: naïve, façade, œuvre.</p><p>{_LONG}</p>
<p>The <b>bo</b>ld end.</p></body></html>"""
_PARAGRAPHS = (
    "My role model",
    "Åsa is my aunt; she is 1.52 tall.\nShe says: naïve, façade, œuvre.",
    _LONG,
    "The bold end.",
)


def write(folder: Path, ending: str, options: str = "", *, name: str = "essay") -> Path:
    """Let LibreOffice write the essay."""
    source = folder / f"{name}.html"
    source.write_text(_PAGE, "utf-8")
    wanted = f"{ending}:{_FILTERS[ending]}" + (f":{options}" if options else "")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", wanted, "--infilter=HTML (StarWriter)"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=_PATIENCE_S
    )
    source.unlink()
    return folder / f"{name}.{ending}"


@pytest.mark.parametrize("ending", ["docx", "odt", "rtf", "pdf"])
def test_what_libre_office_writes_is_read_whole(tmp_path: Path, ending: str) -> None:
    """Every paragraph, every letter, and the line break within one."""
    text = read_document(f".{ending}", write(tmp_path, ending).read_bytes())

    assert text.split("\n\n") == list(_PARAGRAPHS)


def test_an_old_format_and_a_password_are_named(tmp_path: Path) -> None:
    """A file of Word 97, and a PDF that asks for a password."""
    locked = json.dumps({n: {"type": k, "value": v} for n, k, v in (("EncryptFile", "boolean", "true"),
                         ("DocumentOpenPassword", "string", "secret"))})  # fmt: skip
    with pytest.raises(ConfigurationError, match="old format of Office; open it and save it"):
        read_document(".doc", write(tmp_path, "doc").read_bytes())
    with pytest.raises(ConfigurationError, match="locked with a password; save it without one"):
        read_document(".pdf", write(tmp_path, "pdf", locked).read_bytes())


def test_a_folder_of_such_files_becomes_an_assessment(tmp_path: Path) -> None:
    """`cj init` on the folder; four files of one text are named as copies of one another."""
    source = tmp_path / "essays"
    source.mkdir()
    for ending in ("docx", "odt", "rtf", "pdf"):
        write(tmp_path, ending, name=f"by {ending}").rename(source / f"by {ending}.{ending}")
    done = run_cj(tmp_path, "init", "aunts", "--from", str(source))

    assert "has the same text as" in done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("has the same text as") == 3
