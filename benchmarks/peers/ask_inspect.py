"""Asks twelve questions through inspect_ai's batch mode. Runs in an environment of its own, started by `suite`."""

import asyncio
import json
import sys

from inspect_ai.model import BatchConfig, GenerateConfig, get_model

MODELS = {"openai": "openai/gpt-4.1-mini", "anthropic": "anthropic/claude-sonnet-4-5"}


async def ask(provider: str, url: str, n: int) -> None:
    """Ask all questions at once, as an evaluation does, and print which were answered."""
    batch = BatchConfig(size=n, send_delay=0.5, tick=0.5)
    config = GenerateConfig(batch=batch, max_tokens=200, max_connections=n)
    base_url = f"{url}/v1" if provider == "openai" else url
    more = {"responses_api": False} if provider == "openai" else {}
    model = get_model(MODELS[provider], base_url=base_url, api_key="emulator", config=config, **more)
    asked = [model.generate(f"Question number {i:02d}: which is better?") for i in range(n)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    answered = [i for i, answer in enumerate(found) if not isinstance(answer, BaseException) and answer.completion]
    faults = sorted({type(answer).__name__ for answer in found if isinstance(answer, BaseException)})
    print("RESULT " + json.dumps({"answered": answered, "faults": faults}))  # noqa: T201 (its one output)


if __name__ == "__main__":
    asyncio.run(ask(sys.argv[1], sys.argv[2], int(sys.argv[3])))
