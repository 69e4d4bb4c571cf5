"""The estimator beside its peers on the same data, the coverage of its intervals, and what strengths bring."""
