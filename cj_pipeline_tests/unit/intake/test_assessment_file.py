"""`assessment.yaml`: every fault with file, line and remedy."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.assessment_file import read_assessment_file
from cj_pipeline.intake.located_yaml import load_located_yaml, read_text
from cj_pipeline_tests.unit.intake.folders import YAML


def faults(tmp_path: Path, content: str | bytes) -> list[str]:
    """Return what is wrong with an `assessment.yaml`, without its path."""
    path = tmp_path / "assessment.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError) as caught:
        read_assessment_file(path)
    assert all(fault.startswith(f"{path}:") for fault in caught.value.faults)
    return [fault.removeprefix(f"{path}:") for fault in caught.value.faults]


def changed(old: str, new: str) -> str:
    """Return the sample with one part replaced."""
    assert old in YAML
    return YAML.replace(old, new)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (changed("language: en", "language: English"), "4: language: String should match pattern"),
        (changed("grade_scale: eng5_np_legacy_9_step", "grade_scale: stars"), "5: grade_scale: unknown grade scale"),
        (
            changed("grade_scale: eng5_np_legacy_9_step", "grade_scale: [Pass]"),
            "5: grade_scale.grades: Tuple should have",
        ),
        (
            changed("grade_scale: eng5_np_legacy_9_step", "grade_scale: [a, b, a]"),
            "5: grade_scale: a grade is named twice",
        ),
        (changed("grade_scale: eng5_np_legacy_9_step", "grade_scale: 5"), "5: grade_scale: name a scale, or list"),
        (
            changed("grade_scale: eng5_np_legacy_9_step", "grade_scale:\n  grades: [a, b]\n  lowest: a"),
            "7: grade_scale.lowest: unknown key; known keys here: grades, below_lowest, percentages, minus, plus.",
        ),
        (
            YAML + "grading:\n  methods: anchors\n",
            "11: grading.methods: unknown key; known keys here: method, min_anch",
        ),
        (YAML + "grading:\n  min_anchors: 1\n", "11: grading.min_anchors: Input should be greater than or equal to 2"),
        (YAML + "grading:\n  percentages: {A: 50}\n", "10: grading: percentages: they add up to 50, not 100."),
        (changed("provider: openai", "provider: acme"), "7: judges.0.provider: unknown provider 'acme'"),
        (changed("model: gpt-4.1", "model: gpt-0"), "8: judges.0.model: unknown model 'gpt-0'"),
        (changed("max_pairs_cap: 10", "max_pairs_cap: many"), "9: max_pairs_cap: Input should be a valid integer"),
        (YAML + "max_cost_usd: 0\n", "10: max_cost_usd: Input should be greater than 0 (found: 0)."),
        (YAML + "seed: -1\n", "10: seed: Input should be greater than or equal to 0 (found: -1)."),
        (changed("title: Holidays", "title: ''"), "1: title: String should have at least 1 character (found: '')."),
        (changed("task: Write about a holiday.", "task:"), "2: task: Input should be a valid string (found: None)."),
        (changed("title: Holidays\n", ""), "1: title: is missing; add it."),
        (changed("    model: gpt-4.1\n", ""), "7: judges.0.model: is missing; add it."),
        (YAML + "colour: red\n", "10: colour: unknown key; known keys here: title, task, rubric, language,"),
        (
            changed("    model: gpt-4.1\n", "    model: gpt-4.1\n    weight: 2\n"),
            "9: judges.0.weight: unknown key; known keys here: provider, model, parameters, share, price.",
        ),
        (
            changed("    model: gpt-4.1\n", "    model: gpt-4.1\n    parameters:\n      top_p: 1\n"),
            "top_p: unknown key; known keys here: max_output_tokens, temperature, reasoning_effort, verbosity.",
        ),
        (
            changed("    model: gpt-4.1\n", "    model: gpt-4.1\n    parameters:\n      reasoning_effort: low\n"),
            "7: judges.0: gpt-4.1 does not accept reasoning_effort 'low'",
        ),
        (YAML.replace("max", "  - provider: openai\n    model: gpt-4.1\nmax"), "6: judges: judges named twice"),
        (changed("judges:\n  - provider: openai\n    model: gpt-4.1\n", "judges: []\n"), "6: judges: Tuple should"),
        (changed("language: en", "language: " + "x" * 99), "(found: '" + "x" * 56 + "...)."),
    ],
)
def test_a_fault_is_named_with_its_line_and_a_remedy(tmp_path: Path, content: str, expected: str) -> None:
    (fault,) = faults(tmp_path, content)

    assert expected in fault


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    content = changed("title: Holidays\n", "").replace("language: en", "language: X").replace("gpt-4.1", "gpt-0")

    assert [fault.split(": ")[:2] for fault in faults(tmp_path, content + "colour: red\n")] == [
        ["1", "title"],
        ["3", "language"],
        ["7", "judges.0.model"],
        ["9", "colour"],
    ]


def test_a_key_named_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    assert faults(tmp_path, YAML + "seed: 1\nlanguage: sv\nseed: 2\n") == [
        "11: key 'language' is already set on line 4; keep one.",
        "12: key 'seed' is already set on line 10; keep one.",
    ]


def test_a_key_named_twice_within_a_judge_is_refused(tmp_path: Path) -> None:
    twice = changed("    model: gpt-4.1\n", "    model: gpt-4.1\n    model: gpt-5.1\n")

    assert faults(tmp_path, twice) == ["9: key 'model' is already set on line 8; keep one."]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("title: 'unclosed\n", "2"),
        ("title: a\n  task: b\n", "2"),
        ("title: [a, b\ntask: c\n", "2"),
        ("title: a\n\ttask: b\n", "2"),
        ("title: @x\n", "1"),
    ],
)
def test_malformed_yaml_is_refused_with_its_line(tmp_path: Path, content: str, line: str) -> None:
    (fault,) = faults(tmp_path, content)

    assert fault.startswith(f"{line}: not valid YAML")
    assert fault.endswith("check indentation, colons and quotes.")


@pytest.mark.parametrize("content", ["", "# only a comment\n", "just words\n", "- a\n- b\n", "3\n"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    (fault,) = faults(tmp_path, content)

    assert "expected `key: value` lines" in fault


def test_a_tag_that_would_run_code_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "title: !!python/object/apply:os.getcwd []\n")

    assert fault.startswith("1: not valid YAML (could not determine a constructor")


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "title: Åsa".encode("latin-1")) == [" is not UTF-8 text (byte 7); save it as UTF-8."]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "assessment.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + YAML.encode())

    assert read_assessment_file(path).title == "Holidays"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nothing\.yaml: the file is missing; create it\."):
        read_text(tmp_path / "nothing.yaml")


def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()

    with pytest.raises(ConfigurationError, match=r"folder\.yaml: cannot be read \(Is a directory\); check its perm"):
        read_text(tmp_path / "folder.yaml")


def test_a_file_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(ConfigurationError, match=r"cannot be read \(Permission denied\); check its permissions"):
        read_text(tmp_path / "x.yaml")


def test_keys_and_list_items_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n\nb:\n  - x\n  - c: 2\n    d: 3\n")
    data, lines = load_located_yaml(path)

    assert data == {"a": 1, "b": ["x", {"c": 2, "d": 3}]}
    assert lines == {(): 1, ("a",): 1, ("b",): 3, ("b", 0): 4, ("b", 1): 5, ("b", 1, "c"): 5, ("b", 1, "d"): 6}
