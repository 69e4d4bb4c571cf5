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
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from importlib.resources import files
from typing import Any, Final

import click
import dagster as dg
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import cj_pipeline.cli
from cj_pipeline.definitions import defs
from cj_pipeline.defs.collecting import MAX_TRIES
from cj_pipeline.defs.failures import POLICY, RETRIES
from cj_pipeline.domain.assessment import Assessment, EssayTable
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.domain.grading import Grading, OwnScale
from cj_pipeline.domain.judges import JudgeParameters, JudgeSpec, Price
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.prices import Rates
from cj_pipeline.emulator.__main__ import main as emulator_main
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.schema import json_schema_text
from cj_pipeline.reporting.columns import COLUMNS, REPORT_COLUMNS
from cj_pipeline.settings import settings_table
from tools.artefact_page import artefact_parts
from tools.decisions_files_page import decisions_files_parts
from tools.metrics_page import metrics_parts
from tools.pages import DOCS, Pages, mark, page, table

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
        _fields(Assessment),
        "## judges",
        _doc(JudgeSpec),
        _fields(JudgeSpec),
        "## parameters of a judge",
        _doc(JudgeParameters),
        _fields(JudgeParameters),
        "## price of a judge",
        _doc(Price),
        _fields(Price),
        "## essay_table",
        _doc(EssayTable),
        _fields(EssayTable),
        "## grade scales",
        table(
            ("grade_scale", "grades, lowest first", "below the lowest", "population, per cent", "with minus or plus"),
            scales,
        ),
        "## a scale of your own",
        _doc(OwnScale),
        _fields(OwnScale),
        "## grading",
        f"{_doc(Grading)} See [grades](../grades.md).",
        _fields(Grading),
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
            _yes_no(spec.accepts_temperature),
            ", ".join(f"**{e}**" if e == spec.default_effort else e for e in spec.reasoning_efforts) or "no",
            _yes_no(spec.accepts_verbosity),
            _tokens(spec.context_tokens),
            _tokens(spec.max_output_tokens),
            _yes_no(spec.structured_output),
            _yes_no(spec.batch_api),
            _yes_no(spec.synchronous_api),
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


def checks_page() -> str:
    """Asset checks."""
    specs = sorted((spec for each in defs.asset_checks or () for spec in each.check_specs), key=lambda s: s.name)
    order = [spec.key for spec in _asset_specs()]
    rows = [
        (f"`{spec.asset_key.to_user_string()}`", f"`{spec.name}`", _yes_no(spec.blocking), _flat(spec.description))
        for spec in sorted(specs, key=lambda spec: order.index(spec.asset_key))
    ]
    return _page(
        "Asset checks",
        "What is checked after an asset was materialised. Where a blocking check fails, nothing downstream runs.",
        table(("asset", "check", "blocks", "holds when"), rows),
    )


def dagster_page() -> str:
    """Assets, jobs and sensors."""
    parts = ["## Assets"]
    for spec in _asset_specs():
        after = ", ".join(f"`{dep.asset_key.to_user_string()}`" for dep in spec.deps) or "nothing"
        parts += [
            f"### {spec.key.to_user_string()}",
            f"Group `{spec.group_name}`; after {after}.",
            spec.description or "",
        ]
    parts.append("## Jobs")
    for job in defs.jobs or ():
        parts += [f"### {job.name}", job.description or ""]
    parts.append("## Sensors")
    for sensor in defs.sensors or ():
        if isinstance(sensor, dg.SensorDefinition):
            state = sensor.default_status.value.lower()
            every = f"At the start: {state}. At most every {sensor.minimum_interval_seconds} s."
            parts += [f"### {sensor.name}", every, sensor.description or ""]
    parts.append("## Schedules")
    for schedule in defs.schedules or ():
        if isinstance(schedule, dg.ScheduleDefinition):
            at_first = f"At the start: {schedule.default_status.value.lower()}. Cron `{schedule.cron_schedule}`."
            parts += [f"### {schedule.name}", at_first, schedule.description or ""]
    return _page(
        "Assets, jobs and sensors", "What Dagster shows. Every asset has one partition per assessment.", *parts
    )


def failures_page() -> str:
    """Kinds of errors and what becomes of them."""
    rows = [
        (
            f"`{kind.__name__}`",
            f"`{kind.__bases__[0].__name__}`",
            handling.means,
            2 if issubclass(kind, ConfigurationError) else 1,
            _yes_no(handling.repeated),
            handling.remedy,
        )
        for kind, handling in POLICY.items()
    ]
    return _page(
        "Kinds of errors",
        "What becomes of an error in a run, and what a person does about it. A kind that is repeated is repeated "
        f"{RETRIES.max_retries} times within its run by the steps that call a provider. A run that the sensors asked "
        f"for is asked for {MAX_TRIES} times at most, whatever it failed of. Nothing is paid twice "
        "([failures](../operations/failures.md)).",
        table(("kind", "is a", "means", "exit code", "repeated", "what to do"), rows),
    )


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
    return _page("Command line", _flat(inspect.cleandoc(cj_pipeline.cli.__doc__ or "")), *parts)


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
    "asset-checks.md": checks_page,
    "assessment-yaml.md": assessment_page,
    "cli.md": cli_page,
    "dagster.md": dagster_page,
    "eng5-artefact.md": lambda: _page("Artefact of the ENG5 runner", *artefact_parts()),
    "eng5-artefact.schema.json": json_schema_text,
    "metrics.md": lambda: _page("Metrics", *metrics_parts()),
    "decisions-files.md": decisions_files_page,
    "failures.md": failures_page,
    "models.md": models_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
}


def _page(title: str, *parts: str) -> str:
    return page(_MARK, title, *parts)


def _block(text: str) -> str:
    return f"```text\n{text.strip()}\n```"


def _doc(what: object) -> str:
    return inspect.cleandoc(getattr(what, "__doc__", None) or "")


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def _yes_no(value: object) -> str:
    return "yes" if value else "no"


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


def _asset_specs() -> list[dg.AssetSpec]:
    assets = (asset for asset in defs.assets or () if isinstance(asset, dg.AssetsDefinition))
    return [spec for asset in assets for spec in asset.specs]


def _fields(model: type[BaseModel]) -> str:
    rows = [
        (f"`{name}`", _kind(spec), _default(spec), spec.description or _first_line(spec.annotation))
        for name, spec in model.model_fields.items()
    ]
    return table(("key", "type", "default", "meaning"), rows)


def _kind(spec: FieldInfo) -> str:
    bounds = [_bound(item) for item in spec.metadata]
    return ", ".join([_words(spec.annotation), *filter(None, bounds)])


def _words(annotation: Any) -> str:  # noqa: ANN401 (whatever a model's field is annotated with)
    """A type in words for people."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return " or ".join(_words(part) for part in typing.get_args(annotation) if part is not type(None))
    if typing.get_origin(annotation) is dict:
        return f"mapping of {' to '.join(_words(part) for part in typing.get_args(annotation))}"
    if typing.get_origin(annotation) is tuple:
        return f"list of {_words(typing.get_args(annotation)[0])}s"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    if choices := _choices(annotation):
        return " or ".join(f"`{value}`" for value in choices)
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}[annotation]


def _labels(grades: Sequence[str]) -> str:
    return " ".join(f"`{grade}`" for grade in grades)


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401 (whatever a model's field is annotated with)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return [str(v) for v in typing.get_args(annotation)] if typing.get_origin(annotation) is typing.Literal else []


def _bound(item: object) -> str:
    """A constraint of pydantic's in words, empty for what is no constraint of its own."""
    known = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = [f"{words} {getattr(item, name)}" for name, words in known.items() if getattr(item, name, None) is not None]
    if getattr(item, "min_length", None):
        found.append("not empty")
    if getattr(item, "pattern", None):
        found.append(f"like `{item.pattern}`")  # type: ignore[attr-defined]  # looked up just above
    return ", ".join(found)


def _default(spec: FieldInfo) -> str:
    if spec.is_required():
        return "required"
    value = spec.default
    if value is None:
        return "not set"
    if value in ((), {}, ""):
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _first_line(annotation: object) -> str:
    """What the class of a field says of itself, where the field says nothing."""
    inner = (*typing.get_args(annotation), annotation)[0]
    own = isinstance(inner, type) and inner.__module__.startswith("cj_pipeline")
    return _doc(inner).partition("\n")[0] if own else ""


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
