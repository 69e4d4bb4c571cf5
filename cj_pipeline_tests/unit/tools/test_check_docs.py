"""Each kind of fault is found in a small repository made for it, and nothing is found where there is none."""

import subprocess
from pathlib import Path

import pytest

from tools import check_docs

HEAD = "---\ntitle: T\nstatus: accepted\ndate: 2026-11-22\n---\n"
RUNBOOK = "---\ntitle: T\naudience: operator\nlast_reviewed: 2026-11-22\n---\n"
DECISION = "docs/decisions/0001-a.md"
SLASH = "/"
HOMES, REGISTRY, SWITCH = "home", "pythonHosted".lower(), "--extra-index-url"  # apart from what would make them faults


def faults_of(root: Path, files: dict[str, str]) -> list[str]:
    """Write the files into a fresh git repository and check it."""
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    repository = check_docs.Repository(root)
    return [fault for check in check_docs.CHECKS for fault in check(repository)]


FAULTY: dict[str, tuple[dict[str, str], str]] = {
    "no front matter": ({DECISION: "# T\n"}, f"{DECISION}: has no front matter"),
    "front matter is no mapping": ({DECISION: "---\n- a\n---\n"}, f"{DECISION}: has no front matter"),
    "front matter is no YAML": ({DECISION: "---\na: b: c\n---\n"}, f"{DECISION}: has no front matter"),
    "missing key": ({DECISION: HEAD.replace("title: T\n", "")}, "title is missing"),
    "empty key": ({DECISION: HEAD.replace("title: T", "title:")}, "title is missing"),
    "unknown status": ({DECISION: HEAD.replace("accepted", "agreed")}, "status is 'agreed', not one of"),
    "no date": ({DECISION: HEAD.replace("2026-11-22", "today")}, "date is not a date"),
    "number taken": ({DECISION: HEAD, "docs/decisions/0001-b.md": HEAD}, "the number 0001 is taken by 0001-a.md"),
    "decision without number": ({"docs/decisions/a.md": HEAD}, "the file name does not match"),
    "runbook without audience": (
        {"docs/operations/a.md": RUNBOOK.replace("audience: operator\n", "")},
        "docs/operations/a.md: front matter: audience is missing",
    ),
    "dead link": ({"a.md": "x\n[b](b.md)\n"}, "a.md:2: dead link: b.md"),
    "dead image": ({"a.md": "![b](b.png)\n"}, "a.md:1: dead link: b.png"),
    "dead reference": ({"a.md": "[b]: b.md\n"}, "a.md:1: dead link: b.md"),
    "link out of the repository": ({"a.md": "[b](../)\n"}, "a.md:1: dead link: ../"),
    "dead anchor": ({"a.md": "[b](b.md#c)\n", "b.md": "# B\n"}, "a.md:1: dead link: b.md#c (no such heading)"),
    "dead anchor on the page": ({"a.md": "# A\n[b](#b)\n"}, "a.md:2: dead link: #b"),
    "heading inside code": ({"a.md": "[b](#b)\n```\n# b\n```\n"}, "a.md:1: dead link: #b"),
    "registry": ({"a.txt": f"\nhttps://files.{REGISTRY}.org/x\n"}, "a.txt:2: names a package registry"),
    "mirror": ({"a.lock": f"{SWITCH}=https://mirror.example/simple\n"}, "a.lock:1: names a package registry"),
    "path of a machine": ({"a.py": f'"""A."""\nX = "/{HOMES}/someone"\n'}, "a.py:2: names a path of one machine"),
    "module without docstring": ({"cj_pipeline/a.py": "X = 1\n"}, "cj_pipeline/a.py:1: has no docstring"),
    "module too long": ({"cj_pipeline/a.py": '"""A."""\n' + "#\n" * 400}, "has 401 lines, more than 400"),
}


@pytest.mark.parametrize(("files", "expected"), FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_is_found_once(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    """One fault in, one line out that says where and what."""
    [fault] = faults_of(tmp_path, files)
    assert expected in fault


def test_sound_files_have_no_faults(tmp_path: Path) -> None:
    """Links that lead somewhere, headings as GitHub names them, and what only looks like a fault."""
    page = (
        "[b](docs/b.md#what-comes-next-2026) [again](docs/b.md#what-comes-next-2026-1) [folder](docs) "
        "[code](docs/b.md#cj-run) [web](https://example.org/home/x) [mail](mailto:a@example.org)\n"
        "`[no link](nowhere.md)`\n```\n[no link](nowhere.md)\n```\n"
        f"data/work/ledger.db and <data>{SLASH}work/raw are places of the project.\n"
    )
    files = {
        DECISION: HEAD,
        "docs/decisions/0002-b.md": HEAD,
        "docs/operations/a.md": RUNBOOK,
        "docs/b.md": "# What comes next? (2026)\n## What comes next (2026)\n### `cj run`\n",
        "README.md": page,
        "cj_pipeline/a.py": '"""A."""\n' + "#\n" * 399,
    }
    assert faults_of(tmp_path, files) == []


def test_ignored_and_binary_files_are_passed_over(tmp_path: Path) -> None:
    """What git ignores is not the project's; what is no text names nothing."""
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe\x00")
    assert faults_of(tmp_path, {".gitignore": "work/\n", "work/a.md": "[b](b.md)\n"}) == []


def test_the_command_prints_faults_and_exits_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and one line per fault; 0 and silence where there is none."""
    faults_of(tmp_path, {"a.md": "[b](b.md)\n"})
    assert check_docs.main(["--root", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "a.md:1: dead link: b.md\n"
    (tmp_path / "a.md").write_text("[b](#a)\n# A\n", "utf-8")
    assert check_docs.main(["--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_the_tool_does_not_find_itself() -> None:
    """Its patterns are made so that they do not match their own source."""
    root = Path(check_docs.__file__).parents[1]
    found = [fault for fault in check_docs.leak_faults(check_docs.Repository(root)) if "check_docs" in fault]
    assert found == []
