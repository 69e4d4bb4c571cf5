"""The ENG5 runner: inventory and capacity, artefacts, alignment of anchors, boundary tests."""
