-- The second database: Dagster's own. The first one, for the ledger, is made by the image (POSTGRES_DB).
CREATE DATABASE cj_dagster OWNER cj;
