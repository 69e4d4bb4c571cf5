"""Settings: defaults, every variable, every fault at once."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline import settings as module
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.engine.options import EngineOptions, QualityOptions
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.reporting.page_settings import PageOptions
from cj_pipeline.scaling.quality_flags import QualityThresholds
from cj_pipeline.settings import CHECKOUT, Settings, load_settings, settings_table

VARIABLES = [
    "CJ_DATA_DIR",
    "CJ_WORK_DIR",
    "CJ_LEDGER_URL",
    "CJ_STORE_URL",
    "CJ_DAGSTER_URL",
    "CJ_SEVERAL_HOSTS",
    "CJ_EMULATOR_URL",
    "OPENAI_BASE_URL",
    "ANTHROPIC_BASE_URL",
    "CJ_POLL_MIN_S",
    "CJ_POLL_MAX_S",
    "CJ_SETTLE_S",
    "CJ_LEASE_S",
    "CJ_MAX_ATTEMPTS",
    "CJ_MAX_POLLS_PER_TICK",
    "CJ_CANARY_FROM",
    "CJ_SYNC_WORKERS",
    "CJ_BUNDLE_SIZE",
    "CJ_QUEUE_TOKENS",
    "CJ_QUEUED_REQUESTS",
    "CJ_CREATES_PER_HOUR",
    "CJ_PROVIDER_FILE_DAYS",
    "CJ_DELETE_AFTER_COLLECT",
    "CJ_LLM_BATCHING_MODE",
    "CJ_MIN_SUCCESS_RATE",
    "CJ_STABILITY_FLOOR",
    "CJ_STABILITY_THRESHOLD",
    "CJ_SMALL_NET_SIZE",
    "CJ_SMALL_NET_PASSES",
    "CJ_REGULAR_PASSES",
    "CJ_REQUEST_TIMEOUT_S",
    "CJ_OWNERS",
    "CJ_DOCS_URL",
    "CJ_FLAG_MEAN_SE",
    "CJ_FLAG_LARGEST_SE",
    "CJ_FLAG_COMPARISONS",
    "CJ_ERROR_RATIO",
    "CJ_MAX_POSITION_EFFECT",
    "CJ_MAX_REFUSED_SHARE",
    "CJ_MAX_INVALID_SHARE",
    "CJ_MAX_FLIPPED_SHARE",
    "CJ_NIGHT_HOUR",
    "CJ_NIGHT_TIME_ZONE",
    "CJ_NIGHT_BUDGET_USD",
    "CJ_ALERT_WEBHOOK_URL",
    "CJ_ALERT_EMAIL_TO",
    "CJ_ALERT_EMAIL_FROM",
    "CJ_ALERT_SMTP_URL",
    "CJ_ALERT_SMTP_PASSWORD",
]


def faults(**environ: str) -> list[str]:
    """Return what is wrong with an environment."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ)
    return list(caught.value.faults)


def test_an_empty_environment_gives_the_defaults() -> None:
    work = CHECKOUT / "data" / "work"

    assert load_settings({}) == Settings(
        assessments_dir=CHECKOUT / "data" / "assessments",
        work_dir=work,
        ledger_url=f"sqlite:///{work}/ledger.db",
        emulator_url="",
        base_urls={},
        options=EngineOptions(),
        request_timeout_s=120.0,
    )


def test_the_defaults_of_the_engine_are_those_of_the_settings() -> None:
    assert load_settings({}).options == EngineOptions(
        poll_min_s=30, poll_max_s=300, settle_s=600, lease_s=60, max_attempts=3, max_polls_per_tick=50
    )


def test_every_variable_is_read(tmp_path: Path) -> None:
    found = load_settings(
        {
            "CJ_DATA_DIR": str(tmp_path / "d"),
            "CJ_WORK_DIR": str(tmp_path / "w"),
            "CJ_LEDGER_URL": "postgresql://u@h/n",
            "CJ_EMULATOR_URL": "http://127.0.0.1:8099/",
            "OPENAI_BASE_URL": "https://eu.example/v1",
            "ANTHROPIC_BASE_URL": "https://proxy.example",
            "CJ_POLL_MIN_S": "0.5",
            "CJ_POLL_MAX_S": "7",
            "CJ_SETTLE_S": "0",
            "CJ_LEASE_S": "9",
            "CJ_MAX_ATTEMPTS": "9",
            "CJ_MAX_POLLS_PER_TICK": "1",
            "CJ_REQUEST_TIMEOUT_S": "11",
        }
    )

    assert found == Settings(
        assessments_dir=tmp_path / "d" / "assessments",
        work_dir=tmp_path / "w",
        ledger_url="postgresql://u@h/n",
        emulator_url="http://127.0.0.1:8099",
        base_urls={"openai": "https://eu.example/v1", "anthropic": "https://proxy.example"},
        options=EngineOptions(0.5, 7.0, 0.0, 9.0, 9, 1),
        request_timeout_s=11.0,
    )


def test_work_lies_in_the_data_folder_and_the_ledger_in_the_work_folder(tmp_path: Path) -> None:
    found = load_settings({"CJ_DATA_DIR": str(tmp_path)})

    assert found.work_dir == tmp_path / "work"
    assert found.ledger_url == f"sqlite:///{tmp_path / 'work' / 'ledger.db'}"
    assert found.tables_dir == tmp_path / "work" / "tables"
    assert found.raw_dir == tmp_path / "work" / "raw"


def test_relative_folders_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = load_settings({"CJ_DATA_DIR": "mine", "CJ_WORK_DIR": "out"})

    assert found.assessments_dir == tmp_path / "mine" / "assessments"
    assert found.work_dir == tmp_path / "out"


def test_an_installation_without_a_checkout_uses_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECKOUT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)

    assert load_settings({}).assessments_dir == tmp_path / "data" / "assessments"


@pytest.mark.parametrize("name", VARIABLES)
def test_an_empty_variable_counts_as_unset(name: str) -> None:
    assert load_settings({name: ""}) == load_settings({})


def test_other_variables_are_passed_over() -> None:
    assert load_settings({"CJ_COLOUR": "red", "OPENAI_API_KEY": "sk-secret", "PATH": "/bin"}) == load_settings({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CJ_POLL_MIN_S", "0"),
        ("CJ_POLL_MIN_S", "soon"),
        ("CJ_POLL_MIN_S", "nan"),
        ("CJ_POLL_MAX_S", "-1"),
        ("CJ_SETTLE_S", "-0.1"),
        ("CJ_LEASE_S", "0"),
        ("CJ_MAX_ATTEMPTS", "0"),
        ("CJ_MAX_ATTEMPTS", "10"),
        ("CJ_MAX_ATTEMPTS", "2.5"),
        ("CJ_MAX_POLLS_PER_TICK", "0"),
        ("CJ_REQUEST_TIMEOUT_S", "0"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_variable(name: str, value: str) -> None:
    (fault,) = faults(**{name: value})

    assert fault.startswith(f"environment variable {name}: Input should be")
    assert fault.endswith(f"(found: {value!r}).")


def test_all_faults_are_named_at_once() -> None:
    found = faults(CJ_POLL_MIN_S="0", CJ_MAX_ATTEMPTS="many", CJ_LEASE_S="-1", CJ_SETTLE_S="5")

    assert [fault.split()[2] for fault in found] == ["CJ_POLL_MIN_S:", "CJ_LEASE_S:", "CJ_MAX_ATTEMPTS:"]


def test_the_longest_pause_is_never_shorter_than_the_first() -> None:
    assert load_settings({"CJ_POLL_MIN_S": "400"}).options.poll_max_s == 400.0


@pytest.mark.parametrize("url", ["http://127.0.0.1:8099", "http://127.0.0.1:8099/", "http://127.0.0.1:8099//"])
def test_the_address_of_the_emulator_ends_without_a_slash(url: str) -> None:
    assert load_settings({"CJ_EMULATOR_URL": url}).emulator_url == "http://127.0.0.1:8099"


def test_the_table_for_the_documentation_explains_every_variable() -> None:
    table = settings_table()

    assert [name for name, _, _ in table] == VARIABLES
    assert all(meaning.endswith(".") for _, _, meaning in table)
    assert {name: default for name, default, _ in table}["CJ_POLL_MIN_S"] == "30.0"


def test_the_bounds_of_the_judging_engine_are_read() -> None:
    found = load_settings(
        {
            "CJ_CANARY_FROM": "0",
            "CJ_SYNC_WORKERS": "3",
            "CJ_BUNDLE_SIZE": "16",
            "CJ_QUEUE_TOKENS": '{"openai/gpt-6-sol": 5000000, "openai": 90000}',
            "CJ_QUEUED_REQUESTS": '{"anthropic": 100000}',
            "CJ_CREATES_PER_HOUR": "10",
            "CJ_PROVIDER_FILE_DAYS": "0.5",
            "CJ_DELETE_AFTER_COLLECT": "yes",
        }
    )

    assert found.options == EngineOptions(
        canary_from=0,
        sync_workers=3,
        bundle_size=16,
        queue_tokens={"openai/gpt-6-sol": 5_000_000, "openai": 90_000},
        queued_requests={"anthropic": 100_000},
        creates_per_hour=10,
        delete_after_collect=True,
    )
    assert found.keep_files_s == 43_200


def test_the_mode_and_the_thresholds_of_going_on_are_read() -> None:
    found = load_settings(
        {
            "CJ_LLM_BATCHING_MODE": "per_request",
            "CJ_MIN_SUCCESS_RATE": "0.5",
            "CJ_STABILITY_FLOOR": "20",
            "CJ_STABILITY_THRESHOLD": "0.1",
            "CJ_SMALL_NET_SIZE": "5",
            "CJ_SMALL_NET_PASSES": "3",
            "CJ_REGULAR_PASSES": "2",
        }
    ).options

    assert found.llm_batching_mode is BatchingMode.PER_REQUEST
    assert found.continuation == ContinuationPolicy(0.5, 20, 0.1, 5, 3, 2)
    assert load_settings({}).options.llm_batching_mode is None
    assert load_settings({}).options.continuation == ContinuationPolicy()


def test_the_thresholds_of_quality_are_read() -> None:
    found = load_settings(
        {
            "CJ_FLAG_MEAN_SE": "1",
            "CJ_FLAG_LARGEST_SE": "2",
            "CJ_FLAG_COMPARISONS": "3",
            "CJ_ERROR_RATIO": "1.5",
            "CJ_MAX_POSITION_EFFECT": "0.7",
            "CJ_MAX_REFUSED_SHARE": "0.1",
            "CJ_MAX_INVALID_SHARE": "0.2",
            "CJ_MAX_FLIPPED_SHARE": "0.3",
        }
    ).options

    assert found.quality == QualityOptions(QualityThresholds(1, 2, 3), 1.5, 0.7, 0.1, 0.2, 0.3)
    assert load_settings({}).options.quality == QualityOptions()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CJ_QUEUE_TOKENS", "5000000"),
        ("CJ_QUEUE_TOKENS", '{"openai": 0}'),
        ("CJ_QUEUE_TOKENS", '{"openai": "many"}'),
        ("CJ_BUNDLE_SIZE", "65"),
        ("CJ_SYNC_WORKERS", "0"),
        ("CJ_CANARY_FROM", "-1"),
        ("CJ_PROVIDER_FILE_DAYS", "31"),
        ("CJ_LLM_BATCHING_MODE", "batch"),
        ("CJ_MIN_SUCCESS_RATE", "1.1"),
        ("CJ_STABILITY_FLOOR", "0"),
        ("CJ_REGULAR_PASSES", "-1"),
        ("CJ_ERROR_RATIO", "1"),
        ("CJ_MAX_POSITION_EFFECT", "0"),
        ("CJ_PROVIDER_FILE_DAYS", "0.01"),
    ],
)
def test_a_bound_that_cannot_be_used_is_named(name: str, value: str) -> None:
    [fault] = faults(**{name: value})

    assert name in fault


def test_owners_and_the_place_of_the_documentation_are_read() -> None:
    found = load_settings({"CJ_OWNERS": "team:english, anna@school.example", "CJ_DOCS_URL": "https://docs.example/"})

    assert found.pages == PageOptions(("team:english", "anna@school.example"), "https://docs.example")
    assert load_settings({}).pages == PageOptions(("team:assessment",), "")


@pytest.mark.parametrize("owner", ["Anna", "team:", "team:english dept", "anna@school"])
def test_an_owner_that_dagster_would_refuse_is_named(owner: str) -> None:
    [fault] = faults(CJ_OWNERS=f"team:good, {owner}")

    assert owner in fault
    assert "neither an e-mail address nor a team" in fault


def test_an_address_of_the_documentation_that_no_browser_opens_is_refused() -> None:
    assert faults(CJ_DOCS_URL="docs.example") == [
        "environment variable CJ_DOCS_URL: must begin with https:// (or http://)."
    ]


def test_several_hosts_need_a_ledger_on_a_server() -> None:
    store = "/mnt/shared"
    [fault] = faults(CJ_SEVERAL_HOSTS="true", CJ_STORE_URL=store)
    [same] = faults(CJ_SEVERAL_HOSTS="true", CJ_STORE_URL=store, CJ_LEDGER_URL="sqlite:////mnt/shared/ledger.db")
    server = load_settings({"CJ_SEVERAL_HOSTS": "true", "CJ_STORE_URL": store, "CJ_LEDGER_URL": "postgresql://u@h/cj"})

    assert fault == same
    assert fault.startswith("CJ_LEDGER_URL: is SQLite, which several hosts cannot share; name a PostgreSQL database")
    assert (server.several_hosts, load_settings({}).several_hosts) == (True, False)


def test_dagster_has_a_database_of_its_own() -> None:
    apart = {"CJ_LEDGER_URL": "postgresql://u:p@h/cj", "CJ_DAGSTER_URL": "postgresql+psycopg2://u:p@h/dagster"}
    [fault] = faults(**{**apart, "CJ_DAGSTER_URL": "postgresql+psycopg2://u:p@h/cj"})

    assert load_settings(apart).dagster_url == apart["CJ_DAGSTER_URL"]
    assert fault.startswith("CJ_DAGSTER_URL: names the ledger's database; make a second one")
    assert "CJ_DAGSTER_URL: must begin with postgresql" in faults(CJ_DAGSTER_URL="sqlite:///x.db")[0]


def test_several_hosts_need_a_store_that_they_share() -> None:
    [fault] = faults(CJ_SEVERAL_HOSTS="true", CJ_LEDGER_URL="postgresql://u@h/cj")

    assert fault.startswith("CJ_STORE_URL: is not set, so that every host would keep raw answers and tables for itself")


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        ("/mnt/shared/", "/mnt/shared/raw"),
        ("file:///mnt/shared", "/mnt/shared/raw"),
        ("s3://bucket/cj", "s3://bucket/cj/raw"),
        ("memory://cj", "memory://cj/raw"),
    ],
)
def test_raw_answers_and_tables_lie_in_the_store(url: str, raw: str) -> None:
    found = load_settings({"CJ_STORE_URL": url})

    assert str(found.raw_dir) == raw
    assert str(found.tables_dir) == raw.replace("/raw", "/tables")
    assert isinstance(found.raw_dir, Path) is raw.startswith("/")


def test_a_store_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"floppy://a: cannot be used as a store .*cj-pipeline\[s3\]"):
        _ = load_settings({"CJ_STORE_URL": "floppy://a"}).raw_dir


def test_credentials_in_the_address_of_the_store_are_refused() -> None:
    [fault] = faults(CJ_STORE_URL="s3://key:secret@bucket/cj")

    assert fault.startswith("CJ_STORE_URL: holds credentials")
    assert "secret" not in fault
