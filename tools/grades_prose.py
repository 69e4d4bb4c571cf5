"""What the page about grades says in words."""

from typing import Final

WHAT: Final = """\
A ranking says which essay is better. A grade says how good an essay is, by a measure that somebody agreed on before.
Between the two stand **anchors**: essays of the same kind whose grades are known, compared with your students' essays
like any other. This page tells how grades come from them, how far they can be trusted, and how well that works."""

HOW: Final = """\
Every essay has a *measure*: its place on the scale of the ranking, in logits, with a standard error. Anchors show
where on this scale one grade ends and the next begins.

1. **Boundaries.** A boundary is looked for that separates the anchors of a grade from those of the grade below. Many
   places would do, some better than others. All of them are kept, each with its probability. With one anchor on
   either side a boundary is uncertain; with five it is well known.
2. **Disagreement.** People who grade are not of one mind, and a judge may value other things. So grades and measures
   never agree entirely. How far they disagree is found from the anchors, and makes every grade less certain.
3. **Grades.** An essay that lies half-way between two boundaries, with a small error, surely has the grade between
   them. Most essays do not. So each gets the probability of every grade, and the likeliest one is proposed.

![For each of 24 essays a bar, divided by the probability of each grade](pictures/grades.png)

*Grades of the sample essays, from 12 anchors. A synthetic judge made the ranking: the picture shows what a result looks
like, and says nothing about the essays.*

Nothing is rounded on the way: uncertain measures, few anchors and disagreement all end up in the probabilities. What
is assumed, and why, is in [0020](decisions/0020-grades-from-anchors.md)."""

CASES: Final = (
    ("one per grade", "Grades are set; the likeliest grade may be no likelier than one in three."),
    ("none for a grade between others", "The grade is placed between its neighbours, as the cohort spreads."),
    ("none for the lowest or highest grades", "They count as wide as the average step; who gets one is flagged."),
    ("none below the lowest grade (F below F+)", "The same: it is a level of its own, with a boundary of its own."),
    ("an anchor below one of a lower grade", "Boundaries stay in order and become uncertain; see *withheld* below."),
    ("two of different grade at the same place", "Both grades are equally likely there."),
    ("all of one grade", "No grades: a boundary needs anchors on both of its sides."),
    ("fewer than `grading.min_anchors` (3)", "No grades."),
    ("none at all", "No grades, and that is said; the ranking is complete without."),
)

OTHER: Final = """\
`grading.method` in [`assessment.yaml`](reference/assessment-yaml.md#grading) chooses another way:

- `known_measures`: anchors whose measure is known on a scale of your own, from an earlier session, say. They link the
  two scales (a shift, and with three anchors or more a slope), and `boundaries` says where grades begin on the known
  scale.
- `national_percentages`: the share of students who should get each grade. The cohort is taken to be like the
  population.
- `boundary_call`: a person reads along the ranking and names, for each grade, the lowest essay that still has it.

With `anchors`, known shares (`percentages`) help where anchors are few. They count for ten essays, no more."""

TRUST: Final = """\
Beside the grades stands what speaks for and against the anchors:

- **Each anchor graded by the others alone.** Its own grade is hidden, and the others foretell it. Beside the result
  stands what guessing the commonest grade would give. Where each grade has one anchor this is a hard test: the grade
  has to be found between its neighbours.
- **Anchors the wrong way round**, by measure and in verdicts. A few are to be expected from errors of measurement.
- **Anchors without a win**: they lie below every essay they met, and how far below is a guess.
- **Stated and right.** Of grades given with 60 %, six in ten should be right.
- **Near a boundary**: essays whose two likeliest grades are almost as likely as each other. Read these yourself.

Grades are **withheld**, and the ranking stays, where an inversion is wider than errors explain, or where the anchors
foretell each other no better than guessing ([0021](decisions/0021-grades-are-withheld.md)). The message names the
essays. Look at their grades first: anchors are graded by people, and people err too."""

TABLES: Final = """\
`grade_projections` has a row per essay: grade, plus or minus where the scale has them (the outer quarters of a
grade's band), its probability, the runner-up, and the probability of every grade and of at least every grade.
`grade_boundaries` has a row per grade: where it begins, how sure that is, how many anchors it has, and the share of
the essays it is expected to get. `anchor_evidence` has a row per anchor: the grade found without it, and what
contradicts it. All columns are in the [reference](reference/tables.md)."""

PERFECT: Final = """\
Nine anchors, one per grade, perfectly ordered, one logit apart with standard errors of 0.3: how many are given their
own grade. The reference system recovers 2 of 9."""

SESSION: Final = """\
`{session}`: {n_scripts} scripts judged by people, {n_graded} of them with teachers' grades ({grades}). Anchors are
drawn at random, the same number for each grade, and the other graded scripts are graded by them; mean over {draws}
draws, in brackets the central 90 %. *Isotonic* is the usual simple way: mean measure of each grade, made to rise, cut
at the midpoints. *With shares* knows how common each grade is. Agreement is bounded by how well measures and grades
go together at all (rank correlation {rank_correlation:.2f}), not by the number of anchors."""

SESSION_MORE: Final = """\
*Calibration* is the expected calibration error of the stated probabilities over all draws: the mean difference
between what was stated and what came true, in ten bins. *Would be withheld* is the share of draws in which two
anchors contradict each other by more than errors explain: teachers and judges disagree here, and the more anchors,
the likelier that it shows."""

CALIBRATION: Final = """\
{n_cohorts} simulated cohorts of {n_students} students with {per_grade} anchors a grade, {per_essay} comparisons per
essay. Quality is normal with a standard deviation of {spread} logits; people grade it with a noise of 0.05, 0.3 or
0.8 of that; a judge that follows the model of the ranking compares. Everything is fitted as the product fits it. One
cohort alone shows an error of {alone:.2f} on average, most of it chance, because 100 students are few: so cohorts are
pooled."""

CALIBRATION_READING: Final = """\
Pooled, the error is {untold:.3f} where shares are not told and {told:.3f} where they are (aim: 0.05 at most). The
rows below tell more: probabilities of single kinds of cohorts are off by up to {worst:.2f}. Too low where people
grade almost without noise, since that is rare and not believed on three anchors; too high where they grade with much
noise and the grades' shares are very unequal, unless shares are told."""

AGAIN: Final = """\
The folder holds `graded_sessions/<session>/decisions.csv` and `grades.csv`.

```sh
make bench-grades CJ_REFERENCE_DATA=<folder>
make reference
```"""
