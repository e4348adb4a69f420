"""The record of a run as figures, checks and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from bench.channels_carrier import Carrier
from bench.channels_counts import Fate, out_of_order
from bench.channels_load import Generator
from bench.channels_machine import Used

GOAL_MS = 100.0  # p99 of acknowledged requests
CATCHES_UP = 2.0  # seconds after the gateway is back in which what waited outside comes in; they count as the restart


@dataclass(slots=True)
class Run:
    """All that was seen, in monotonic seconds. `outages`: killed and back. `drained`: None where it took too long."""

    generator: Generator
    carrier: Carrier
    begun: float = 0.0
    ended: float = 0.0
    drained: float | None = None
    outages: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    lags: list[float] = field(default_factory=list[float])
    processor: dict[str, Used] = field(default_factory=dict[str, Used])
    fates: list[Fate] = field(default_factory=list[Fate])
    strange: list[str] = field(default_factory=list[str])
    with_task: frozenset[int] = frozenset()
    unsettled: dict[str, int] = field(default_factory=dict[str, int])
    kept: dict[str, int] = field(default_factory=dict[str, int])


def checks(run: Run) -> dict[str, int]:
    """What must not be, and how often it was."""
    lost = [fate for fate in run.fates if not fate.delivered and not fate.seen_to(run.with_task)]
    return {
        "not acknowledged": sum(not one.acknowledged for one in run.generator.sent),
        "kept more or less than once": abs(run.kept["messages"] - len(run.fates)),
        "lost": len(lost),
        "doubled": sum(len(fate.delivered) > 1 for fate in run.fates),
        "written twice": sum(len(fate.rows) > 1 for fate in run.fates),
        "answers to nothing": len(run.strange),
        "out of order": out_of_order(run.fates, run.generator.sent, arrived=False),
        "not drained in time": int(run.drained is None),
        **{f"rows: {what}": number for what, number in run.unsettled.items()},
    }


def figures(run: Run) -> dict[str, Any]:
    sent, carrier = run.generator.sent, run.carrier
    calm = quantiles(one.took for one in sent if not _restarting(run, one.asked, one.acknowledged))
    probes = [(one.at, one.took) for one in run.generator.probes if one.took is not None]
    beside = quantiles(took for at, took in probes if _in_load(run, at) and not _restarting(run, at, at + took))
    return {
        "messages": len(run.fates),
        "delivered_once": sum(len(fate.delivered) == 1 for fate in run.fates),
        "failed_with_a_task": sum(fate.seen_to(run.with_task) for fate in run.fates),
        "checks": checks(run),
        "arrived_out_of_order_after_a_late_failure": out_of_order(run.fates, sent, arrived=True),
        "acknowledged_ms": quantiles(one.took for one in sent),
        "acknowledged_outside_restarts_ms": calm,
        "healthz_outside_restarts_ms": beside,
        "healthz_idle_ms": quantiles(took for at, took in probes if at < run.begun),
        "p99_outside_restarts_over_healthz": round(calm["p99"] / beside["p99"], 2) if beside["n"] else None,
        "callbacks_acknowledged_ms": quantiles(carrier.called_back),
        "generator_late_ms": quantiles(one.late for one in sent),
        "generator_loop_lag_ms": quantiles(run.lags),
        "gateway_away_s": [round(back - killed, 2) for killed, back in run.outages],
        "acknowledged_again_s": round(max(one.acknowledged for one in sent) - run.ended, 2),
        "drained_s": round(run.drained - run.ended, 1) if run.drained else None,
        "to_the_phone_s": _to_the_phone(run),
        "processor_ms_a_message": {
            part: round(used.ran * 1000 / len(run.fates), 1) for part, used in run.processor.items()
        },
        "waited_for_a_processor_s": {part: round(used.waited, 1) for part, used in run.processor.items()},
        "sent_again": {
            "webhooks": sum(one.again for one in sent),
            "callbacks": carrier.called_again,
            "callbacks_never_heard": carrier.unheard,
            "why": run.generator.failures,
        },
        "provider": dict(sorted(carrier.calls.items())),
        "ended": dict(Counter(text.ends for text in carrier.outbound())),
        "kept": run.kept,
        "answers_to_nothing": run.strange[:20],
    }


def _to_the_phone(run: Run) -> dict[str, float]:
    """Seconds from the first sending of a message to its answer on the phone, outages and failures included."""
    begun = {one.arrival.question.sid: one.begun for one in run.generator.sent if not one.arrival.repeat}
    took = [fate.reached - begun[fate.question.sid] for fate in run.fates if fate.delivered]
    return {name: round(value / 1000, 1) for name, value in quantiles(took).items() if name != "n"}


def _restarting(run: Run, asked: float, answered: float) -> bool:
    return any(killed <= answered and asked <= back + CATCHES_UP for killed, back in run.outages)


def _in_load(run: Run, at: float) -> bool:
    return run.begun <= at <= max(one.acknowledged for one in run.generator.sent)


def quantiles(seconds: Iterable[float]) -> dict[str, float]:
    """In milliseconds; "n" of how many."""
    times = sorted(seconds)
    if not times:
        return {"n": 0}
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    at = {name: times[min(len(times) - 1, int(len(times) * share))] for name, share in shares.items()}
    return {"n": len(times)} | {name: round(time * 1000, 1) for name, time in at.items()}


def table(found: dict[str, dict[str, Any]]) -> str:
    """A column a database."""
    names = list(found)
    lines = [f"{'':<44}" + "".join(f"{name:>16}" for name in names)]
    for label, path in _ROWS:
        lines.append(f"{label:<44}" + "".join(f"{_at(found[name], path)!s:>16}" for name in names))
    lines += ["", "must be 0"]
    for fault in found[names[0]]["checks"]:
        lines.append(f"{'  ' + fault:<44}" + "".join(f"{found[name]['checks'][fault]:>16}" for name in names))
    return "\n".join([*lines, "", *(goal(name, found[name]) for name in names)])


def goal(name: str, figures: dict[str, Any]) -> str:
    overall, calm = figures["acknowledged_ms"]["p99"], figures["acknowledged_outside_restarts_ms"].get("p99")
    said = "met" if overall <= GOAL_MS else "MISSED"
    return (
        f"{name}: p99 of acknowledged requests {overall} ms, goal {GOAL_MS:.0f} ms: {said} "
        f"(outside restarts {calm} ms; {figures['p99_outside_restarts_over_healthz']} x that of a bare GET /healthz)"
    )


def faults(figures: dict[str, Any]) -> int:
    return sum(figures["checks"].values())


def _at(figures: dict[str, Any], path: Sequence[str]) -> Any:
    return reduce(lambda value, key: value.get(key, ""), path, figures)


_ROWS = (
    ("messages", ("messages",)),
    ("delivered once", ("delivered_once",)),
    ("refused by the carrier, with a staff task", ("failed_with_a_task",)),
    ("p50 of acknowledged requests, ms", ("acknowledged_ms", "p50")),
    ("p95", ("acknowledged_ms", "p95")),
    ("p99", ("acknowledged_ms", "p99")),
    ("p99 outside restarts", ("acknowledged_outside_restarts_ms", "p99")),
    ("p99 of GET /healthz beside it", ("healthz_outside_restarts_ms", "p99")),
    ("p99 of acknowledged callbacks", ("callbacks_acknowledged_ms", "p99")),
    ("the generator's own lag, p99", ("generator_loop_lag_ms", "p99")),
    ("gateway away, s", ("gateway_away_s",)),
    ("seconds to drain", ("drained_s",)),
    ("p50 from a message to its answer, s", ("to_the_phone_s", "p50")),
    ("p99", ("to_the_phone_s", "p99")),
    ("processor of the gateway, ms a message", ("processor_ms_a_message", "gateway")),
    ("of Rasa", ("processor_ms_a_message", "rasa")),
    ("the gateway waited for a processor, s", ("waited_for_a_processor_s", "gateway")),
    ("webhooks sent again", ("sent_again", "webhooks")),
    ("callbacks sent again", ("sent_again", "callbacks")),
    ("late failures: answers overtaken", ("arrived_out_of_order_after_a_late_failure",)),
)
