"""`--mode` and `--override KEY=VALUE`: what one run wants instead of what `assessment.yaml` says."""

from collections.abc import Sequence
from pathlib import Path

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.errors import ConfigurationError


def read_wishes(mode: str | None, overrides: Sequence[str]) -> RunOverrides:
    """Read the options.

    Args:
        mode: The batching mode, None if not given.
        overrides: `KEY=VALUE` each; `KEY=@FILE` takes the text of a file.

    Raises:
        ConfigurationError: With every option that cannot be used.
    """
    given: dict[str, str] = {} if mode is None else {"llm_batching_mode": mode}
    faults = []
    for option in overrides:
        key, found, value = option.partition("=")
        if not found or key in given:
            faults.append(f"--override {option!r}: give each setting once, as KEY=VALUE.")
            continue
        try:
            given[key] = Path(value[1:]).read_text(encoding="utf-8") if value.startswith("@") else value
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"--override {key}: {value[1:]} cannot be read: {error}.")
    if faults:
        raise ConfigurationError(faults)
    return RunOverrides.read(given)
