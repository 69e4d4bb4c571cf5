"""Inputs that several properties are tried on."""

from hypothesis import strategies as st

from cj_pipeline.domain.pairing import Pair, n_distinct_pairs

SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def designs(draw: st.DrawFn, n_max: int = 60) -> tuple[int, int]:
    """Return a number of essays and a number of pairs that can connect them."""
    n = draw(st.integers(2, n_max))
    return n, draw(st.integers(n - 1, n_distinct_pairs(n)))


@st.composite
def graphs(draw: st.DrawFn, n_max: int = 14) -> tuple[int, list[Pair]]:
    """Return essays and any distinct pairs of them, connected or not."""
    n = draw(st.integers(2, n_max))
    every = [(a, b) for b in range(n) for a in range(b)]
    return n, draw(st.lists(st.sampled_from(every), unique=True, max_size=len(every)))
