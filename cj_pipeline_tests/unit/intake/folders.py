"""Assessment folders to be read, written by the tests."""

import textwrap
from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder

NAME = "holidays"
YAML = """\
title: Holidays
task: Write about a holiday.
rubric: The clearer text is better.
language: en
grade_scale: eng5_np_legacy_9_step
judges:
  - provider: openai
    model: gpt-4.1
max_pairs_cap: 10
"""


def write_folder(
    root: Path, *, yaml: str = YAML, essays: dict[str, str | bytes] | None = None, anchors: str | None = None
) -> Path:
    """Write an assessment of three essays, or of those given by file name."""
    folder = root / NAME
    (folder / "essays").mkdir(parents=True)
    (folder / "assessment.yaml").write_text(yaml, encoding="utf-8")
    texts = {"a.txt": "One.", "b.txt": "Two.", "c.md": "Three."} if essays is None else essays
    for file, text in texts.items():
        (folder / "essays" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    if anchors is not None:
        (folder / "anchors.csv").write_text(textwrap.dedent(anchors), encoding="utf-8")
    return folder


def faults(root: Path, name: str = NAME) -> list[str]:
    """Return what is wrong with an assessment, paths told from its folder."""
    with pytest.raises(ConfigurationError) as caught:
        read_assessment_folder(root, name)
    return [fault.replace(f"{root / name}/", "").replace(str(root), "ROOT") for fault in caught.value.faults]
