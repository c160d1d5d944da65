"""Tables and records of `wisp models`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from matting_core.models.files.importing import ImportResult
from matting_core.models.files.overview import ModelEntry, ModelState
from matting_core.models.files.probes import Probe


def as_lines(rows: Sequence[ModelEntry]) -> Iterator[str]:
    """Aligned columns: kind, id, state, size, licence, speed and memory, what it is and whose."""
    cells = [_cells(row) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]) - 1)]
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=True))
        yield "  ".join((*padded, line[-1])).rstrip()


def as_json(row: ModelEntry) -> dict[str, object]:
    """One row as the record that `--json` prints."""
    return {
        "kind": row.kind.value,
        "id": row.id,
        "title": row.title,
        "state": row.state.value,
        "fetched_bytes": row.fetched,
        "needs": list(row.needs),
        "size_bytes": row.size,
        "licence": row.licence,
        "non_commercial": row.non_commercial,
        "origin": row.origin,
        "address": row.address,
        "weights": [entry.id for entry in row.weights],
        "probe": None if row.probe is None else asdict(row.probe),
    }


def imported_as_json(imported: ImportResult) -> dict[str, object]:
    """What was installed as the record that `--json` prints."""
    return {
        "title": imported.title,
        "weights": list(imported.ids),
        "non_commercial_licence": imported.non_commercial,
    }


def probe_line(probe: Probe | None) -> str:
    """What a probe found, in a few words; empty without one."""
    if probe is None:
        return ""
    memory = "-" if probe.memory is None else f"{probe.memory / 1e6:.0f} MB"
    return f"{probe.seconds:.2f} s/frame, {memory}, {probe.device}"


def _cells(row: ModelEntry) -> tuple[str, ...]:
    size = f"{row.size / 1e6:.1f} MB" if row.size else "-"
    use = " (non-commercial)" if row.non_commercial else ""
    about = f"{row.title}; {row.origin}"
    found = probe_line(row.probe) or "-"
    return row.kind.value, row.id, _state(row), size.rjust(8), row.licence + use, found, about


def _state(row: ModelEntry) -> str:
    if row.needs:
        return f"needs {' '.join(row.needs)}"
    if row.state is ModelState.MISSING and row.fetched:
        return f"{row.fetched_percent} % downloaded"
    return row.state.value
