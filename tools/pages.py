"""Pages that are rendered, not written: the parts they are made of, and the command that renders or checks them.

What does not belong here: what a page says (render_reference, render_results).
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True)
class Pages:
    """A set of rendered pages.

    Attributes:
        folder: Where they are kept.
        renderers: What makes each page, by file name.
        command: What a person runs to render them.
        alone: Whether the folder holds no other pages, so that any further one is a fault.
    """

    folder: Path
    renderers: Mapping[str, Callable[[], str]]
    command: str
    alone: bool = False

    def stale(self, folder: Path) -> list[str]:
        """Names of the pages that are not as they would be rendered, and of files that nothing renders."""
        here = {path.name for path in folder.glob("*.md")}
        wrong = {
            name
            for name, render in self.renderers.items()
            if not (folder / name).is_file() or (folder / name).read_text("utf-8") != render()
        }
        return sorted(wrong | ((here - set(self.renderers)) if self.alone else set()))

    def main(self, arguments: Sequence[str] | None, description: str) -> int:
        """Render or check all pages; returns the exit code."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is stale")
        parser.add_argument("--folder", type=Path, default=self.folder, help="where the pages are")
        given = parser.parse_args(arguments)
        if given.check:
            stale = self.stale(given.folder)
            sys.stdout.writelines(f"{given.folder / name}: is stale; run: {self.command}\n" for name in stale)
            return 1 if stale else 0
        given.folder.mkdir(parents=True, exist_ok=True)
        for name in set(self.stale(given.folder)) - set(self.renderers):
            (given.folder / name).unlink()
        for name, render in self.renderers.items():
            (given.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (given.folder / name).write_text(render(), "utf-8")
        return 0


def mark(source: str, script: str, command: str) -> str:
    """The first line of a rendered page: where it comes from and how to render it anew."""
    return f"<!-- Generated from {source} by {script}. Do not edit; run: {command} -->"


def page(first_line: str, title: str, *parts: str) -> str:
    """A page of paragraphs, empty ones left out."""
    return "\n\n".join([first_line, f"# {title}", *(part for part in parts if part)]) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; values are written as they are, but for what would break a cell."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("<", "\\<")


def flat(text: str | None) -> str:
    """One line of a text of several."""
    return " ".join((text or "").split())


def yes_no(value: object) -> str:
    """A truth in words."""
    return "yes" if value else "no"
