"""The page about what faults cost and how large a cohort may be, from the records of the benchmarks."""

from collections.abc import Mapping
from typing import Any

from tools import faults_table, peers_table, throughput_table
from tools.pages import mark, page

_WHAT = """\
Two questions are answered here by measuring: what is lost, or paid twice, when a provider or a process fails; and
what 100,000 comparisons take in time and memory. Both are measured on the [loopback
emulator](decisions/0005-emulator-at-the-socket.md) or without any provider. No real provider was asked: what only a
live account can show stands in [live verification](operations/live-verification.md)."""

_FAULTS = """\
Every run takes five essays and ten comparisons from reading to the last collection, as the sensors drive it:
submit, then poll, collect and go on while time passes. Each fault is scripted in the emulator alone, for every
provider that can show it; the process is killed (SIGKILL) before or after one of its first 60 writes and calls; and
the rest are random combinations of one to four faults, up to three deaths and cancellations, drawn by seed.

The counting is done from the emulator's journal, the providers' own lists and result files, and the ledger read by
plain SQL, by a script that imports nothing of this project (`benchmarks/count_payments.py`; its first lines define
each count). *Lost*: comparisons without exactly one terminal outcome. *Paid twice*: answered and billed again
although an earlier usable answer was to be had. *Withheld*: billed, and left out of the provider's own result file,
or cut off in it; asking again is then no fault of the client. *Left open*: jobs not brought to an end, here or
there. *Possibly paid* (calls and canaries only): billed, and the answer lost on its way or with the process; it
counts against the cost limit, and for each comparison at most one answer is paid for in vain. The list of jobs lags
behind by at most 500 s, within the settle period of 600 s."""

_FAULTS_AGAIN = """\
```sh
make faults RUNS=2000 SEED=1
make reference
```

A shorter form (every fault once) runs in `make test`. A run that breaks a promise is printed with its seed, and the
command fails."""

_PEERS = """\
The same emulator and the same five faults under other batch clients, each used in the way its documentation shows,
with twelve questions in one job. *Billed again* counts answers beyond the first to the same question; *lost* counts
questions that were answered and billed and whose answer the caller never got. A missing row can only be asked
again. An end by waiting for ever means that nothing happened for 60 s. curator does not start with Anthropic in
these versions (its dependency `instructor` has lost a function it calls), so nothing was asked there."""

_PEERS_AGAIN = """\
```sh
make peers
make reference
```

The clients are installed in environments of their own, with the versions of `benchmarks/peers/requirements-*.txt`."""

_SPEED = """\
Requests of about 9 KB, packed within OpenAI's limits, in a fresh process with a provider that costs no time. *Plan*
makes the pair set and writes it to the ledger. *Record and send* encodes the requests, stores and syncs them, and
writes jobs and attempts. *Collect* stores nothing but the outcomes: reads the rows, checks the digest, and records
every outcome in one transaction for each job. The *bare loop* writes as many requests as JSON, syncs the file, and
parses the same result rows; *ratio* is record and send plus collect over the bare loop. The aim is a ratio of 3 and
less than 400 MB (381 MiB)."""

_LARGE = """\
Below: one job with one large result file, collected in a process of its own. *Growth* is the peak over what the
process held before it began. The aim is less than 64 MiB."""

_SPEED_AGAIN = """\
```sh
make bench
make reference
```"""


def reliability_page(
    faults: Mapping[str, Any], peers: Mapping[str, Any], throughput: Mapping[str, Any], command: str
) -> str:
    """What faults cost, and what a large cohort takes.

    Args:
        faults: What `benchmarks.fault_suite` wrote.
        peers: What `benchmarks.peers` wrote.
        throughput: What `benchmarks.throughput` wrote.
        command: What a person runs to render the page.
    """
    whole, large = throughput_table.render(throughput).split("\n\n")
    return page(
        mark("benchmarks/fault_suite.json, peers.json and throughput.json", "tools/render_results.py", command),
        "Reliability, measured",
        _WHAT,
        "## What faults cost",
        _FAULTS,
        _origin(faults, f"{faults['figures']['n_runs']:,} runs, seed {faults['figures']['seed']}"),
        faults_table.render(faults),
        "### Measuring again",
        _FAULTS_AGAIN,
        "## Beside other batch clients",
        _PEERS,
        _origin(peers, ", ".join(f"{name} {version}" for name, version in peers["figures"]["versions"].items())),
        peers_table.render(peers),
        "### Comparing again",
        _PEERS_AGAIN,
        "## A large cohort",
        _SPEED,
        _origin(throughput, f"seed {throughput['figures']['seed']}"),
        whole,
        _LARGE,
        large,
        "### Measuring it again",
        _SPEED_AGAIN,
    )


def _origin(record: Mapping[str, Any], what: str) -> str:
    return f"Measured at commit `{record['commit']}` on {record['machine']}: {what}."
