"""Variables of the environment about alerts. Addresses and passwords are secrets and never shown."""

from pydantic import BaseModel, Field, SecretStr

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.observability.alerting import AlertTargets


class AlertVariables(BaseModel):
    """The variables by name, with their defaults."""

    CJ_ALERT_WEBHOOK_URL: SecretStr = Field(
        default=SecretStr(""),
        description="Address that alerts are posted to, as Slack's incoming webhooks take them; unset: nobody is told.",
    )
    CJ_ALERT_EMAIL_TO: str = Field(default="", description="Who gets alerts by e-mail, separated by commas.")
    CJ_ALERT_EMAIL_FROM: str = Field(default="", description="Sender of these e-mails; default the first receiver.")
    CJ_ALERT_SMTP_URL: SecretStr = Field(
        default=SecretStr("smtp://localhost:25"),
        description="Mail server: smtp://host:port, or smtps://host:port; with a user before the host it is "
        "logged in to, over TLS.",
    )
    CJ_ALERT_SMTP_PASSWORD: SecretStr = Field(default=SecretStr(""), description="Password of that user.")


def read_targets(env: AlertVariables) -> AlertTargets:
    """Targets of alerts.

    Raises:
        ConfigurationError: An address has no known scheme; it is not repeated, for it may be a secret.
    """
    webhook, server = env.CJ_ALERT_WEBHOOK_URL.get_secret_value(), env.CJ_ALERT_SMTP_URL.get_secret_value()
    faults = []
    if webhook and not webhook.startswith(("https://", "http://")):
        faults.append("environment variable CJ_ALERT_WEBHOOK_URL: must begin with https:// (or http://).")
    if not server.startswith(("smtp://", "smtps://")):
        faults.append("environment variable CJ_ALERT_SMTP_URL: must begin with smtp:// or smtps://.")
    if faults:
        raise ConfigurationError(faults)
    receivers = tuple(part.strip() for part in env.CJ_ALERT_EMAIL_TO.split(",") if part.strip())
    return AlertTargets(
        webhook_url=webhook,
        smtp_url=server,
        smtp_password=env.CJ_ALERT_SMTP_PASSWORD.get_secret_value(),
        email_from=env.CJ_ALERT_EMAIL_FROM or (receivers[0] if receivers else ""),
        email_to=receivers,
    )
