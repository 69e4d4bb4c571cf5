"""Mechanical checks of the documentation: `.venv/bin/python tools/check_docs.py`.

Prints one line per fault and exits with 1 if there is any. Links to the web are not followed. Whether
`docs/reference` is up to date is asked of `render_reference.py --check`.
"""

import argparse
import ast
import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

MOST_LINES: Final = 400
"""Longest module of the package."""

STATUSES: Final = ("proposed", "accepted", "superseded", "rejected")
"""What the status of a decision may be."""

_REGISTRY_HOSTS: Final = (
    ("pypi", "org"),
    ("python[h]osted", "org"),
    ("npmjs", "org"),
    ("anaconda", "org"),
    ("jfrog", "io"),
)
"""In parts, so that this file does not name any of them itself."""

_LEAKS: Final = (
    (re.compile("|".join(r"\.".join(parts) for parts in _REGISTRY_HOSTS)), "names a package registry"),
    (re.compile(r"index-url[ =]+\S*//"), "names a package registry"),
    (re.compile(r"(?<![\w.>})/~-])/(?:home|Users|root|work)/[\w.]|\b[A-Z]:\\Users"), "names a path of one machine"),
)

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_INLINE_CODE = re.compile(r"(`+).*?\1")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*(\S+)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True)
class Repository:
    """The files that belong to the project: known to git, or new and not ignored.

    Attributes:
        root: Top folder.
    """

    root: Path

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Paths relative to the root, sorted."""
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=self.root, check=True, capture_output=True).stdout  # noqa: S603 (fixed words)
        paths = sorted({Path(name) for name in listed.decode().split("\0") if name})
        return tuple(path for path in paths if (self.root / path).is_file())

    def below(self, folder: str, suffix: str) -> list[Path]:
        """Files of a folder, subfolders included, that end in `suffix`."""
        return [path for path in self.files if path.suffix == suffix and path.is_relative_to(folder)]

    def text(self, path: Path) -> str | None:
        """Contents of a text file, None for any other."""
        try:
            return (self.root / path).read_text("utf-8")
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class FrontMatter:
    """What the head of every page in a folder has to hold.

    Attributes:
        folder: The folder.
        keys: Required keys; none may be empty.
        dates: Those of them that are dates.
        choices: Those of them that are one of a few words.
        name: What a file of this folder is called; a group named `number` has to be unique.
    """

    folder: str
    keys: tuple[str, ...]
    dates: tuple[str, ...]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    name: re.Pattern[str] = re.compile(r"[a-z0-9-]+\.md")


FRONT_MATTER: Final = (
    FrontMatter(
        folder="docs/decisions",
        keys=("title", "status", "date"),
        dates=("date",),
        choices={"status": STATUSES},
        name=re.compile(r"(?P<number>\d{4})-[a-z0-9-]+\.md"),
    ),
    FrontMatter(folder="docs/operations", keys=("title", "audience", "last_reviewed"), dates=("last_reviewed",)),
)


def front_matter_faults(repository: Repository) -> Iterator[str]:
    """Heads of the pages that have one: complete, well-typed, numbers unique."""
    for rule in FRONT_MATTER:
        seen: dict[str, Path] = {}
        for path in repository.below(rule.folder, ".md"):
            yield from (f"{path}: {fault}" for fault in _name_faults(rule, path, seen))
            yield from (f"{path}: {fault}" for fault in _head_faults(rule, repository.text(path) or ""))


def _name_faults(rule: FrontMatter, path: Path, seen: dict[str, Path]) -> Iterator[str]:
    match = rule.name.fullmatch(path.name)
    if match is None:
        yield f"the file name does not match {rule.name.pattern}"
    elif number := match.groupdict().get("number"):
        if number in seen:
            yield f"the number {number} is taken by {seen[number].name}"
        seen.setdefault(number, path)


def _head_faults(rule: FrontMatter, text: str) -> Iterator[str]:
    head = _head(text)
    if head is None:
        yield "has no front matter between two lines of ---"
        return
    for key in rule.keys:
        value = head.get(key)
        if value in (None, ""):
            yield f"front matter: {key} is missing"
        elif key in rule.dates and not isinstance(value, dt.date):
            yield f"front matter: {key} is not a date like 2026-01-31: {value!r}"
        elif key in rule.choices and value not in rule.choices[key]:
            yield f"front matter: {key} is {value!r}, not one of {', '.join(rule.choices[key])}"


def _head(text: str) -> dict[str, object] | None:
    parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) < 3 or parts[0].strip():  # noqa: PLR2004 (before, head, page)
        return None
    try:
        head = yaml.safe_load(parts[1])
    except yaml.YAMLError:
        return None
    return head if isinstance(head, dict) else None


def link_faults(repository: Repository) -> Iterator[str]:
    """Links from page to page: the target exists, and so does the heading."""
    anchors: dict[Path, set[str]] = {}
    for path in repository.below("", ".md"):
        for number, line in _prose(repository.text(path) or ""):
            for match in _LINK.finditer(line):
                target = match.group(1) or match.group(2)
                fault = None if _SCHEME.match(target) else _link_fault(repository, path, target, anchors)
                if fault:
                    yield f"{path}:{number}: {fault}"


def _link_fault(repository: Repository, page: Path, target: str, anchors: dict[Path, set[str]]) -> str | None:
    name, _, anchor = target.partition("#")
    root = repository.root.resolve()
    goal = (root / page.parent / name).resolve() if name else root / page
    if not goal.is_relative_to(root) or not goal.exists():
        return f"dead link: {target}"
    if not anchor or goal.suffix != ".md":
        return None
    known = anchors.setdefault(goal, set()) or _anchors(goal.read_text("utf-8"))
    anchors[goal] = known
    return None if anchor in known else f"dead link: {target} (no such heading)"


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines outside code blocks, without inline code."""
    in_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code:
            yield number, _INLINE_CODE.sub("``", line)


def _anchors(text: str) -> set[str]:
    """Names of all headings as GitHub makes them."""
    found: set[str] = set()
    in_code = False
    for line in text.splitlines():
        in_code ^= bool(_FENCE.match(line))
        match = None if in_code else _HEADING.match(line)
        if match:
            name = anchor = _slug(match.group(1))
            copies = 0
            while anchor in found:
                copies += 1
                anchor = f"{name}-{copies}"
            found.add(anchor)
    return found


def _slug(heading: str) -> str:
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def leak_faults(repository: Repository) -> Iterator[str]:
    """Nothing names a package registry or a path of the machine it was written on."""
    for path in repository.files:
        for number, line in enumerate((repository.text(path) or "").splitlines(), start=1):
            yield from (f"{path}:{number}: {what}" for pattern, what in _LEAKS if pattern.search(line))


def module_faults(repository: Repository) -> Iterator[str]:
    """Every module of the package says what it is for, and is short enough to be read."""
    for path in repository.below("cj_pipeline", ".py"):
        source = repository.text(path) or ""
        n_lines = len(source.splitlines())
        if not ast.get_docstring(ast.parse(source)):
            yield f"{path}:1: has no docstring"
        if n_lines > MOST_LINES:
            yield f"{path}: has {n_lines} lines, more than {MOST_LINES}"


CHECKS: Final[tuple[Callable[[Repository], Iterator[str]], ...]] = (
    front_matter_faults,
    link_faults,
    leak_faults,
    module_faults,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all checks; returns the exit code."""
    parser = argparse.ArgumentParser(description="Check the documentation.")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="top folder of the project")
    repository = Repository(parser.parse_args(arguments).root)
    faults = [fault for check in CHECKS for fault in check(repository)]
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
