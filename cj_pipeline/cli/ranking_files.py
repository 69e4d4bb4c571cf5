"""`cj rank`: files of decisions in, a ranking on the terminal and in files out."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from cj_pipeline import __version__
from cj_pipeline.cli.decisions_view import print_ranked
from cj_pipeline.engine.decision_ranking import CompatibleRanking, RankOptions, ScaleRanking, rank_comparisons
from cj_pipeline.engine.decision_summary import summary
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.decisions_file import DecisionsFile, read_decisions
from cj_pipeline.scaling.scale_fit import JudgeEffects
from cj_pipeline.storage.column_files import write_columns, write_json

RANKING, JUDGES, MANIFEST = "ranking", "judges", "manifest"


@dataclass(frozen=True, slots=True)
class RankRequest:
    """What the command line asked for, by the names of its options."""

    files: tuple[Path, ...]
    out: Path | None
    only: tuple[str, ...]
    min_comparisons: int
    compatible: str | None
    prior_sd: float | None
    no_position_effect: bool
    judge_effects: JudgeEffects
    seed: int

    @property
    def options(self) -> RankOptions:
        """How decisions are ranked."""
        return RankOptions(
            self.compatible,
            self.prior_sd,
            not self.no_position_effect,
            self.judge_effects,
            self.min_comparisons,
            self.seed,
        )


def rank_files(request: RankRequest) -> None:
    """Read, rank, print, write.

    Raises:
        ConfigurationError: With every file that cannot be used.
        EstimationError: The decisions do not determine a scale.
    """
    files = _read(request)
    ranking = rank_comparisons([file.rows for file in files], request.options)
    console = Console(highlight=False)
    print_ranked(console, ranking)
    if request.out is not None:
        written = _write(request.out, ranking, files, request)
        console.print(f"\nWritten to {request.out}: {', '.join(path.name for path in written)}", soft_wrap=True)


def _read(request: RankRequest) -> list[DecisionsFile]:
    wanted = dict(_only(option) for option in request.only)
    found: list[DecisionsFile] = []
    faults: list[str] = []
    for path in dict.fromkeys(request.files):
        try:
            found.append(read_decisions(path, wanted))
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    return found


def _only(option: str) -> tuple[str, str]:
    column, equals, value = option.partition("=")
    if not equals:
        raise ConfigurationError(f"--only {option!r}: write it as COLUMN=VALUE.")
    return column, value


def _write(
    folder: Path, ranking: ScaleRanking | CompatibleRanking, files: Sequence[DecisionsFile], request: RankRequest
) -> list[Path]:
    written = write_columns(folder, RANKING, ranking.essays)
    if ranking.judges:
        written += write_columns(folder, JUDGES, ranking.judges)
    manifest = {
        "versions": {"cj_pipeline": __version__, **{name: version(name) for name in ("numpy", "scipy")}},
        "inputs": [{"file": file.path.name, "sha256": file.digest, "encoding": file.encoding} for file in files],
        "only": dict(_only(option) for option in request.only),
        **summary(ranking),
    }
    return [*written, write_json(folder, MANIFEST, manifest)]
