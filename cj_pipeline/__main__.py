"""`python -m cj_pipeline` is `cj`."""

from cj_pipeline.cli import main

main(prog_name="cj")
