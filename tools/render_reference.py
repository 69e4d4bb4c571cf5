"""Renders `docs/reference` from the code: `.venv/bin/python tools/render_reference.py`.

With `--check` nothing is written: a page that is not as the code would have it is named, and the exit code is 1.
A page says what the code says; a wrong word is mended in the code.
"""

import contextlib
import inspect
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final

import click

import cj_pipeline.cli
from cj_pipeline.domain.assessment import Assessment, EssayTable
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.domain.grading import Grading, OwnScale
from cj_pipeline.domain.judges import JudgeParameters, JudgeSpec, Price
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.prices import Rates
from cj_pipeline.emulator.__main__ import main as emulator_main
from cj_pipeline.harness.eng5.schema import json_schema_text
from cj_pipeline.reporting.columns import COLUMNS, REPORT_COLUMNS
from cj_pipeline.settings import settings_table
from tools.artefact_page import artefact_parts
from tools.dagster_pages import checks_parts, dagster_parts, failures_parts
from tools.decisions_files_page import decisions_files_parts
from tools.metrics_page import metrics_parts
from tools.model_fields import field_table, own_words
from tools.pages import DOCS, Pages, flat, mark, page, table, yes_no

COMMAND: Final = ".venv/bin/python tools/render_reference.py"
_WIDTH: Final = 100
_MARK: Final = mark("the code", "tools/render_reference.py", COMMAND)


def settings_page() -> str:
    """Environment variables."""
    rows = [(f"`{name}`", f"`{default}`" if default else "", text) for name, default, text in settings_table()]
    return _page(
        "Settings",
        "Environment variables, read once at the start and checked together. An empty variable counts as unset. "
        "The keys of the providers, `OPENAI_API_KEY` and `ANTHROPIC_API_KEY`, are not settings: they are read where a "
        "client is made, and never stored, logged or shown.",
        table(("variable", "default", "meaning"), rows),
    )


def assessment_page() -> str:
    """Keys of `assessment.yaml`."""
    scales = [
        (
            f"`{name}`",
            _labels(scale.grades),
            f"`{scale.below_lowest}`" if scale.below_lowest else "",
            ", ".join(f"{share:g}" for share in scale.percentages),
            _labels([*(f"{grade}-" for grade in scale.minus), *(f"{grade}+" for grade in scale.plus)]),
        )
        for name, scale in GRADE_SCALES.items()
    ]
    return _page(
        "assessment.yaml",
        "Every key of an assessment's file. An unknown key is refused, and every fault is named with its line.",
        field_table(Assessment),
        "## judges",
        own_words(JudgeSpec),
        field_table(JudgeSpec),
        "## parameters of a judge",
        own_words(JudgeParameters),
        field_table(JudgeParameters),
        "## price of a judge",
        own_words(Price),
        field_table(Price),
        "## essay_table",
        own_words(EssayTable),
        field_table(EssayTable),
        "## grade scales",
        table(
            ("grade_scale", "grades, lowest first", "below the lowest", "population, per cent", "with minus or plus"),
            scales,
        ),
        "## a scale of your own",
        own_words(OwnScale),
        field_table(OwnScale),
        "## grading",
        f"{own_words(Grading)} See [grades](../grades.md).",
        field_table(Grading),
    )


def models_page() -> str:
    """The model table."""
    raw = json.loads(files("cj_pipeline.domain").joinpath("models.json").read_text("utf-8"))
    header = (
        "provider",
        "model",
        "temperature",
        "reasoning_effort",
        "verbosity",
        "context",
        "max output",
        "schema",
        "batch jobs",
        "at once",
        "prompt cache",
        "cached from",
        "input",
        "cached input",
        "cache write",
        "cache write 1 h",
        "output",
        "batch",
        "long requests",
        "checked",
    )
    rows = [
        (
            spec.provider,
            f"[`{spec.model}`]({spec.source})",
            yes_no(spec.accepts_temperature),
            ", ".join(f"**{e}**" if e == spec.default_effort else e for e in spec.reasoning_efforts) or "no",
            yes_no(spec.accepts_verbosity),
            _tokens(spec.context_tokens),
            _tokens(spec.max_output_tokens),
            yes_no(spec.structured_output),
            yes_no(spec.batch_api),
            yes_no(spec.synchronous_api),
            spec.prompt_cache or "no",
            _tokens(spec.prompt_cache_min_tokens),
            _price(spec.rates.input_usd_per_mtok),
            _price(spec.rates.cached_input_usd_per_mtok),
            _price(spec.rates.cache_write_usd_per_mtok),
            _price(spec.rates.cache_write_1h_usd_per_mtok, unknown="none"),
            _price(spec.rates.output_usd_per_mtok),
            f"x {spec.rates.batch_discount:g}"
            + ("" if spec.rates.batch_discounts_cached_input else ", not cached input"),
            _long_requests(spec.rates),
            spec.checked,
        )
        for spec in model_table().values()
    ]
    note = (
        f"Compiled {raw['as_of']}; the name of a model leads to the page its row is from, and the effort in bold is "
        f"the one a model uses unasked. {raw['note']} A model whose input or output price is unknown is asked at a "
        "real provider only where `price:` is stated under the judge. An unknown price of cached input counts as new "
        "input, an unknown price of cache writes as twice that."
    )
    return _page("Models", note, table(header, rows))


def tables_page() -> str:
    """Columns of the published tables."""
    parts = []
    for name, columns in COLUMNS.items():
        rows = [(f"`{column}`", kind, text) for column, kind, text in columns]
        parts += [f"## {name}", table(("column", "type", "meaning"), rows)]
    parts.append(
        "The workbook of `cj export` holds these tables and, beside them, the following sheets; its sheet `Dictionary` "
        "explains all."
    )
    for name in ("Disagreements", "Decisions", "Feedback", "Manifest"):
        rows = [(f"`{column}`", kind, text) for column, kind, text in REPORT_COLUMNS[name]]
        parts += [f"## {name}", table(("column", "type", "meaning"), rows)]
    return _page("Tables", "Kept per assessment in the work folder, as Parquet and as CSV.", *parts)


def cli_page() -> str:
    """The command line."""
    group = cj_pipeline.cli.main
    top = click.Context(group, info_name="cj", terminal_width=_WIDTH, **group.context_settings)
    parts = [_block(group.get_help(top))]
    for path, command, below in _commands(group, top, "cj"):
        text = _emulator_help() if path == "cj emulator" else command.get_help(below)
        parts += [f"## {path}", _block(text)]
    return _page("Command line", flat(inspect.cleandoc(cj_pipeline.cli.__doc__ or "")), *parts)


def _commands(
    group: click.Group, context: click.Context, path: str
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below a group with its whole name, groups before what is in them."""
    for name, command in sorted(group.commands.items()):
        below = click.Context(command, parent=context, info_name=name)
        yield f"{path} {name}", command, below
        if isinstance(command, click.Group):
            yield from _commands(command, below, f"{path} {name}")


def decisions_files_page() -> str:
    """Files of decisions that `cj rank` reads, and what it writes."""
    return _page("Decisions files", *decisions_files_parts())


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "asset-checks.md": lambda: _page(*checks_parts()),
    "assessment-yaml.md": assessment_page,
    "cli.md": cli_page,
    "dagster.md": lambda: _page(*dagster_parts()),
    "eng5-artefact.md": lambda: _page("Artefact of the ENG5 runner", *artefact_parts()),
    "eng5-artefact.schema.json": json_schema_text,
    "metrics.md": lambda: _page("Metrics", *metrics_parts()),
    "decisions-files.md": decisions_files_page,
    "failures.md": lambda: _page(*failures_parts()),
    "models.md": models_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
}


def _page(title: str, *parts: str) -> str:
    return page(_MARK, title, *parts)


def _block(text: str) -> str:
    return f"```text\n{text.strip()}\n```"


def _price(value: float | None, unknown: str = "unknown") -> str:
    """To the cent, or to as many places as the price has: a rounded price is a wrong one."""
    if value is None:
        return unknown
    return f"{value:.2f}" if value == round(value, 2) else f"{value:g}"


def _tokens(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _long_requests(rates: Rates) -> str:
    if rates.long_from_tokens is None:
        return "no dearer"
    factors = f"x {rates.long_input_factor:g}, output x {rates.long_output_factor:g}"
    return f"over {rates.long_from_tokens:,} tokens: {factors}"


def _labels(grades: Sequence[str]) -> str:
    return " ".join(f"`{grade}`" for grade in grades)


def _emulator_help() -> str:
    """The options only: how the usage line is broken differs between versions of Python."""
    shown, width = io.StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(_WIDTH)
    try:
        with contextlib.redirect_stdout(shown), contextlib.suppress(SystemExit):
            emulator_main(["--help"])
    finally:
        os.environ.pop("COLUMNS")
        if width is not None:
            os.environ["COLUMNS"] = width
    return "Usage: cj emulator [OPTIONS]\n\noptions:" + shown.getvalue().partition("options:")[2]


REFERENCE: Final = Pages(DOCS / "reference", PAGES, COMMAND, alone=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Render or check all pages; returns the exit code."""
    return REFERENCE.main(arguments, "Render docs/reference from the code.")


if __name__ == "__main__":
    sys.exit(main())
