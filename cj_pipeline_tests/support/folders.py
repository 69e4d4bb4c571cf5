"""Assessment folders made for tests."""

import shutil
from pathlib import Path
from typing import Any

import yaml

SAMPLES = Path(__file__).parents[2] / "data" / "assessments"

_MODELS = {"openai": "gpt-6.1-terra", "anthropic": "claude-haiku-5-5"}

_SENTENCES = (
    "I think that {topic} are important becouse everyone need them and it is many people who dont have it.",
    "First of all, {topic} give people something to talk about, although not everybody agrees.",
    "For example, my uncle has worked with {topic} for years and he always says that he enjoys it.",
    "However, there is another side to consider, which is easily forgotten when we discuss {topic}.",
    "in my town we has a lot of {topic} and its fun but sometimes its boring also",
    "Nevertheless, what persuades me in the end is how patiently {topic} reward those who pay attention.",
)
_TOPICS = ("dogs", "books", "trains", "gardens", "bridges", "songs", "lakes", "clocks", "maps", "bicycles", "letters")


def essay_text(number: int) -> str:
    """A short text of its own; texts differ in topic and in how well they are written."""
    topic = _TOPICS[number % len(_TOPICS)]
    picked = [_SENTENCES[(number * k + k) % len(_SENTENCES)] for k in range(1, 4 + number % 3)]
    return f"About {topic}, part {number}\n\n" + " ".join(s.format(topic=topic) for s in picked)


def settings_of(provider: str = "openai", **changes: object) -> dict[str, Any]:
    """The contents of a small `assessment.yaml`; changes replace keys, None removes one."""
    settings: dict[str, Any] = {
        "title": "A small class",
        "task": "Write about something that matters to you.",
        "rubric": "The better essay says more, more clearly, in better language.",
        "language": "en",
        "grade_scale": "eng5_np_legacy_9_step",
        "judges": [{"provider": provider, "model": _MODELS[provider], "parameters": {"max_output_tokens": 600}}],
        "llm_batching_mode": "provider_batch_api",
        "comparisons_per_essay": 4,
        "max_pairs_cap": 40,
        "max_cost_usd": 5.0,
        "seed": 7,
    }
    settings.update(changes)
    return {key: value for key, value in settings.items() if value is not None}


def make_assessment(
    root: Path, name: str = "small", n_essays: int = 6, *, provider: str = "openai", **changes: object
) -> Path:
    """Make an assessment folder under `root/assessments`.

    Args:
        root: The data folder.
        name: Name of the assessment.
        n_essays: Number of essays, `essay-01` and so on.
        provider: Whose model judges.
        changes: For `settings_of`.
    """
    folder = root / "assessments" / name
    (folder / "essays").mkdir(parents=True)
    for number in range(1, n_essays + 1):
        add_essay(folder, number)
    write_settings(folder, provider=provider, **changes)
    return folder


def add_essay(folder: Path, number: int) -> None:
    """Add one essay to an assessment folder."""
    (folder / "essays" / f"essay-{number:02d}.txt").write_text(essay_text(number), "utf-8")


def write_settings(folder: Path, *, provider: str = "openai", **changes: object) -> None:
    """Write the `assessment.yaml` of a folder anew."""
    (folder / "assessment.yaml").write_text(
        yaml.safe_dump(settings_of(provider, **changes), allow_unicode=True), "utf-8"
    )


def copy_sample(root: Path, name: str) -> Path:
    """Copy one of the project's sample assessments."""
    return Path(shutil.copytree(SAMPLES / name, root / "assessments" / name))
