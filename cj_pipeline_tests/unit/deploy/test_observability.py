# ruff: noqa: D103 - the name of a test is its sentence
"""Dashboard, alert rules and scrape configuration use only what is declared: names, labels, values."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from cj_pipeline.cli.main import main
from cj_pipeline.observability.catalogue import CATALOGUE
from cj_pipeline.observability.series import Kind, Series

FOLDER: Final = Path(__file__).parents[3] / "deploy" / "observability"
DOCS: Final = FOLDER.parents[1] / "docs" / "operations" / "monitoring.md"
BY_SAMPLE: Final = {name: series for series in CATALOGUE for name in series.sample_names}

_TEXT = re.compile(r'"[^"]*"')
_NAME = re.compile(r"\b(?:cj|llm_provider)_\w+")
_SELECTOR = re.compile(r"\b((?:cj|llm_provider)_\w+)\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')
_GROUPING = re.compile(r"\bby\s*\(([^)]*)\)")


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "grafana-dashboard.json").read_text("utf-8"))
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> list[str]:
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", ())]
    return [*panels, *(rule["expr"] for rule in rules())]


def names_in(expression: str) -> set[str]:
    return set(_NAME.findall(_TEXT.sub('""', expression)))


def faults(expression: str) -> Iterator[str]:
    """Names, labels and values that are not declared."""
    used = [BY_SAMPLE[name] for name in names_in(expression) if name in BY_SAMPLE]
    yield from (f"no series {name}" for name in names_in(expression) - BY_SAMPLE.keys())
    for name, selector in _SELECTOR.findall(expression):
        for label, value in _MATCHER.findall(selector):
            yield from _selector_faults(BY_SAMPLE[name], label, value)
    known = {label for series in used for label in series.labels}
    known |= {"le"} if any(name.endswith("_bucket") for name in names_in(expression)) else set()
    grouped = {label.strip() for group in _GROUPING.findall(expression) for label in group.split(",")}
    yield from (f"no label {label} to group by" for label in grouped - known)


def _selector_faults(series: Series, label: str, value: str) -> Iterator[str]:
    if label not in series.labels:
        yield f"{series.name} has no label {label}"
    values = series.values_of(label)
    if values and not value.startswith("$"):
        yield from (f"{label} is never {word}" for word in value.split("|") if word not in values)


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_uses_only_what_is_declared(expression: str) -> None:
    assert names_in(expression)
    assert list(faults(expression)) == []


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("increase(cj_llm_request_total[5m])", "no series cj_llm_request_total"),
        ('cj_assessments{state="paused"}', "cj_assessments has no label state"),
        ('cj_assessments{standing=~"paused|asleep"}', "standing is never asleep"),
        ("sum by (model) (cj_assessments)", "no label model to group by"),
        ("sum by (le) (llm_provider_queue_wait_time_seconds_count)", "no label le to group by"),
    ],
)
def test_what_is_not_declared_is_found(expression: str, fault: str) -> None:
    assert fault in list(faults(expression))


def test_every_series_is_on_the_dashboard() -> None:
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", ())]
    shown = {BY_SAMPLE[name].name for expression in panels for name in names_in(expression)}

    assert {series.name for series in CATALOGUE} - shown == set()


def test_counters_and_histograms_are_never_shown_as_they_stand() -> None:
    """Their height says only how old the ledger is; what counts is how they grow."""
    growing = {name for name, series in BY_SAMPLE.items() if series.kind is not Kind.GAUGE}
    bare = [
        (name, expression)
        for expression in expressions()
        for name in names_in(expression) & growing
        if len(re.findall(rf"(?:increase|rate)\({name}\b", expression)) != len(re.findall(rf"\b{name}\b", expression))
    ]

    assert bare == []


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    panels = dashboard()["panels"]
    taken = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24


def test_the_dashboard_asks_for_its_data_source() -> None:
    found = dashboard()

    assert {one["name"] for one in found["templating"]["list"]} == {"datasource", "provider"}
    sources = {panel["datasource"]["uid"] for panel in found["panels"] if "datasource" in panel}
    assert sources == {"${datasource}"}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_happened_and_stands_in_the_documentation(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert set(rule["annotations"]) == {"summary", "description"}
    assert f"`{rule['alert']}`" in DOCS.read_text("utf-8")
    used = set(re.findall(r"\$labels\.(\w+)", json.dumps(rule["annotations"])))
    assert used <= {label for name in names_in(rule["expr"]) for label in BY_SAMPLE[name].labels}


def test_the_documentation_names_no_alert_that_is_not_there() -> None:
    named = set(re.findall(r"`(Cj\w+)`", DOCS.read_text("utf-8")))

    assert named == {rule["alert"] for rule in rules()}


def test_the_scrape_configuration_asks_where_the_command_serves() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    [job] = config["scrape_configs"]
    serve = main.commands["metrics"].commands["serve"]  # type: ignore[attr-defined]  # a group
    defaults = {option.name: option.default for option in serve.params}

    assert job["static_configs"] == [{"targets": [f"{defaults['host']}:{defaults['port']}"]}]
    assert "metrics_path" not in job
    assert config["rule_files"] == ["alerts.yml"]
