"""Tests of `cj_pipeline.providers`."""
