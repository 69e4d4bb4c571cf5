"""Jobs: the two halves of an assessment. The providers' work lies between them, and no run waits for it."""

import dagster as dg

submit_assessment = dg.define_asset_job(
    "submit_assessment",
    selection=dg.AssetSelection.assets("essays", "pair_set", "batch_submissions"),
    description="Reads the essays, plans the pair set and submits batch jobs. This spends money. The run ends at once; "
    "the batch_job_sensor collects the results when they are there.",
)

collect_assessment = dg.define_asset_job(
    "collect_assessment",
    selection=dg.AssetSelection.assets("raw_results", "comparisons", "rankings"),
    description="Fetches finished results and fits the ranking. Spends nothing; started by the batch_job_sensor.",
)
