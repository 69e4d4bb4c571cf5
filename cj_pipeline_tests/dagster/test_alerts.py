# ruff: noqa: D103 - the names of the tests say it
"""Alerts: said once, to a webhook and by e-mail, and never in the way when nobody listens."""

import json
from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest

from cj_pipeline.defs import resources
from cj_pipeline.defs.alerting import failed_run_sensor
from cj_pipeline.domain.batches import BatchJobStatus
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.observability.alerting import AlertTargets, send_alert
from cj_pipeline.settings import load_settings
from cj_pipeline_tests.support.alert_servers import Mailbox, mail_server, webhook
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment


@pytest.fixture
def hook() -> Iterator[Mailbox]:
    """A webhook."""
    with webhook() as box:
        yield box


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server() as box:
        yield box


def use(rig: Rig, targets: AlertTargets, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the definitions' engine tell these targets."""
    bench = replace(rig.bench, settings=replace(rig.bench.settings, alerts=targets))
    monkeypatch.setattr(resources, "_bench", lambda _environment: bench)


def to(hook: Mailbox) -> AlertTargets:
    return AlertTargets(webhook_url=f"http://{hook.address}/secret-path")


def test_a_message_reaches_webhook_and_mail(hook: Mailbox, mail: Mailbox) -> None:
    targets = replace(to(hook), smtp_url=f"smtp://{mail.address}", email_from="cj@school.test", email_to=("a@b.test",))

    delivery = send_alert(targets, "Look here", "Something is stuck.")

    assert delivery.n_delivered == 2
    assert delivery.trouble == ()
    assert json.loads(hook.messages[0]) == {"text": "Look here\nSomething is stuck."}
    assert "Subject: Look here" in mail.messages[0]
    assert "To: a@b.test" in mail.messages[0]
    assert "Something is stuck." in mail.messages[0]


def test_targets_that_are_down_are_named_without_their_addresses(hook: Mailbox) -> None:
    hook.status = 500
    targets = replace(
        to(hook),
        smtp_url="smtp://someone:pw@127.0.0.1:1",
        smtp_password="pw-secret",
        email_from="x@y.test",
        email_to=("a@b.test",),
    )

    delivery = send_alert(targets, "Look here", "Something is stuck.", timeout_s=2.0)

    assert delivery.n_delivered == 0
    assert delivery.trouble == (
        "The alert could not be delivered by webhook: HTTP status 500.",
        "The alert could not be delivered by e-mail: ConnectionRefusedError.",
    )
    assert "secret" not in f"{delivery}{targets!r}"


def test_without_a_target_nothing_is_said(rig: Rig, daemon: MiniDaemon) -> None:
    assert rig.bench.settings.alerts.is_empty

    assert "Nobody is to be told" in str(daemon.tick("stalled_job_sensor").skip_reason)


def stuck(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.clock.advance(21 * 3600)


def test_a_stalled_job_is_told_of_once_for_every_finding(
    rig: Rig, daemon: MiniDaemon, hook: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck(rig, daemon)
    use(rig, to(hook), monkeypatch)

    daemon.tick("stalled_job_sensor")
    daemon.tick("stalled_job_sensor")
    [job] = rig.engine.ledger.jobs(assessment="small")
    rig.engine.ledger.request_cancel(job.job_id, rig.clock.now())
    rig.clock.advance(31 * 60)
    daemon.tick("stalled_job_sensor")
    daemon.tick("stalled_job_sensor")

    assert job.status is not BatchJobStatus.INDETERMINATE
    assert ["older than 20 hours" in m for m in hook.messages] == [True, False]
    assert "cancelled more than 30 minutes ago" in hook.messages[1]


def test_a_webhook_that_is_down_is_told_later(
    rig: Rig, daemon: MiniDaemon, hook: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck(rig, daemon)
    use(rig, to(hook), monkeypatch)
    hook.status = 503

    first = daemon.tick("stalled_job_sensor")
    hook.status = 200
    for _ in range(3):
        daemon.tick("stalled_job_sensor")

    assert "HTTP status 503" in str(first.skip_reason)
    assert len(hook.messages) == 2


def failed(daemon: MiniDaemon, result: dg.ExecuteInProcessResult) -> None:
    """What the daemon does when a run has failed."""
    [event] = [e for e in result.all_events if e.is_run_failure]
    run = daemon.instance.get_run_by_id(result.run_id)
    assert run is not None
    context = dg.build_run_status_sensor_context(
        sensor_name="failed_run_sensor",
        dagster_event=event,
        dagster_instance=daemon.instance,
        dagster_run=run,
        resources={"pipeline": daemon.pipeline},
    ).for_run_failure()
    failed_run_sensor(context)


def test_a_failed_run_is_told_of_with_its_remedy(
    rig: Rig, daemon: MiniDaemon, hook: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    (folder / "essays" / "essay-02.txt").write_text("")
    use(rig, to(hook), monkeypatch)

    failed(daemon, daemon.run("submit_assessment", "small"))

    text = json.loads(hook.messages[0])["text"]
    assert text.startswith("cj_pipeline: submit_assessment of small failed\nessays: ")
    assert "essay-02.txt: the essay is empty" in text
    assert "What to do: Mend what the message names" in text


def test_of_a_fault_that_is_none_of_ours_only_the_kind_is_told(
    rig: Rig, daemon: MiniDaemon, hook: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    use(rig, to(hook), monkeypatch)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("key sk-12345")

    monkeypatch.setattr("cj_pipeline.defs.assets.pair_set.plan", broken)
    failed(daemon, daemon.run("submit_assessment", "small"))

    assert "pair_set: RuntimeError. See the run's page." in json.loads(hook.messages[0])["text"]
    assert "sk-12345" not in hook.messages[0]


def test_a_failed_run_with_nobody_listening_raises_nothing(
    rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    (folder / "essays" / "essay-02.txt").write_text("")
    use(rig, AlertTargets(webhook_url="http://127.0.0.1:1/x"), monkeypatch)

    failed(daemon, daemon.run("submit_assessment", "small"))


def test_the_variables_are_read_and_never_repeated() -> None:
    hook, server = "https://hooks.test/T0/secret", "smtps://me@mail.test:465"
    variables = {"CJ_ALERT_WEBHOOK_URL": hook, "CJ_ALERT_EMAIL_TO": "a@b.test, c@d.test", "CJ_ALERT_SMTP_URL": server}

    targets = load_settings({**variables, "CJ_ALERT_SMTP_PASSWORD": "pw"}).alerts

    assert targets == AlertTargets(hook, server, "pw", "a@b.test", ("a@b.test", "c@d.test"))
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"CJ_ALERT_WEBHOOK_URL": "hooks.test/secret", "CJ_ALERT_SMTP_URL": "mail.secret"})
    assert len(caught.value.faults) == 2
    assert "secret" not in str(caught.value)
