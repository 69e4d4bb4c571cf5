"""Asks twelve questions through curator's batch mode. Runs in an environment of its own, started by `suite`."""

import json
import sys
from typing import Any

from bespokelabs import curator

MODELS = {"openai": "gpt-4.1-mini", "anthropic": "claude-3-5-sonnet-20241022"}


class Asking(curator.LLM):  # type: ignore[misc] # no types are published
    """One question per row."""

    def prompt(self, row: dict[str, Any]) -> str:
        """The question."""
        return str(row["question"])

    def parse(self, row: dict[str, Any], response: str) -> dict[str, Any]:
        """Which question was answered."""
        return {"i": row["i"], "response": response}


def ask(provider: str, url: str, n: int) -> None:
    """Ask all questions and print which were answered."""
    base_url = f"{url}/v1" if provider == "openai" else url
    parameters = {"batch_size": n, "batch_check_interval": 1, "base_url": base_url, "require_all_responses": False}
    llm = Asking(model_name=MODELS[provider], backend=provider, batch=True, backend_params=parameters)
    rows = [{"i": i, "question": f"Question number {i:02d}: which is better?"} for i in range(n)]
    found = llm(rows)
    data = getattr(found, "dataset", found)
    print("RESULT " + json.dumps({"answered": sorted(row["i"] for row in data), "faults": []}))  # noqa: T201


if __name__ == "__main__":
    ask(sys.argv[1], sys.argv[2], int(sys.argv[3]))
