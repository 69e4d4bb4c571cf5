"""Columns of the tables of grades: name, type, meaning."""

PER_GRADE = "<grade>"
"""Stands in the name of a column that there is one of for every grade."""

GRADE_COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "grade_projections": (
        ("rank", "int", "As in rankings."),
        ("essay_id", "string", "Essay."),
        ("grade", "string", "Most likely grade."),
        ("mark", "string", "Minus or plus, where the scale gives its grade such; else empty."),
        ("probability", "float", "Probability of the most likely grade."),
        ("runner_up", "string", "Second most likely grade."),
        ("runner_up_probability", "float", "Its probability."),
        ("near_boundary", "bool", "Whether the two differ by less than 0.1: a person should look."),
        ("beyond_anchors", "bool", "Whether the grade lies outside the grades that have anchors."),
        ("measure", "float", "As in rankings, logits."),
        ("standard_error", "float", "As in rankings, logits."),
        ("known_grade", "string", "Known grade, anchors only. It had a say in where boundaries lie."),
        ("p_<grade>", "float", "Probability of each grade; they add up to 1."),
        ("at_least_<grade>", "float", "Probability of each grade or a higher one; none for the lowest."),
        ("made_by", "string", "Judges whose verdicts it rests on; says so if it was the synthetic judge."),
    ),
    "grade_boundaries": (
        ("grade", "string", "Grade, lowest first."),
        ("from_measure", "float", "Measure at which it begins, logits; empty for the lowest."),
        ("standard_error", "float", "Standard error of that measure, logits."),
        ("n_anchors", "int", "Anchors of this grade."),
        ("expected_share", "float", "Share of all essays expected to have it."),
    ),
    "anchor_evidence": (
        ("essay_id", "string", "Anchor."),
        ("grade", "string", "Its known grade."),
        ("measure", "float", "As in rankings, logits."),
        ("standard_error", "float", "As in rankings, logits."),
        ("foretold_grade", "string", "Most likely grade found without using its own; empty where that cannot be."),
        ("foretold_probability", "float", "Probability stated for that grade."),
        ("own_grade_probability", "float", "Probability stated for its known grade."),
        ("steps_off", "int", "Steps from the known grade to the one found, upwards positive."),
        ("n_comparisons", "float", "Comparisons it took part in."),
        ("n_wins", "float", "Comparisons it won; an anchor that won none is placed by losses alone."),
        ("inverted_by_measure", "string", "Anchors of another grade whose measures lie on the wrong side of its own."),
        ("inverted_in_verdicts", "string", "Anchors compared with it whose verdicts contradict the grades."),
    ),
}
"""Columns by table."""
