"""How good grades are: recovered from perfect anchors, on published sessions with teachers' grades, and calibrated."""
