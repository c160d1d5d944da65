"""Measures what long clips cost on the UI thread: `python -m tests.tools.bench_status`.

A clip of 20,000 frames with 12 objects of 40 prompts each, all mattes stored: opening it with the
notes of what was seen, statuses after an edit of one object and once more, a moved playhead, and
the calls that the statuses take for each frame. Nothing is decoded or computed by a network.
"""

from __future__ import annotations

import cProfile
import gc
import json
import platform
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.canvas.pictures.requests import Requests
from app.model.model import Model
from app.model.results import Results
from matting_core.document import edits
from matting_core.document.project import Clip, Project, Settings
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, Prompt
from matting_core.results.latest import pack_latest, unpack_latest
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import ObjectId, Segmentation, Size, TrackState

LENGTH, OBJECTS, PROMPTS = 20_000, 12, 40
EDITED = ObjectId(5)
ROUNDS = 9


def a_project() -> Project:
    """The long project, with points and boxes spread over the clip."""
    clip = Clip("/clips/long.mp4", "f" * 32, Size(1280, 720), LENGTH, Fraction(24))
    project = edits.set_clip(Project(settings=Settings()), clip)
    for number in range(OBJECTS):
        project = edits.add_object(project)
        project = edits.add_prompts(project, project.objects[-1].id, _prompts(number))
    return project


def _prompts(number: int) -> Iterator[Prompt]:
    for place in range(PROMPTS):
        frame, x = place * LENGTH // PROMPTS + number, float(100 + place)
        if place % 2:
            yield BoxPrompt(frame, (x, 100.0, x + 200, 400.0))
        else:
            yield PointPrompt(frame, (x, 200.0), Label.FOREGROUND)


def an_edit(project: Project, turn: int) -> Project:
    """The project with one more click on one object."""
    return edits.add_prompts(project, EDITED, [PointPrompt(777 + turn, (5.0 + turn, 5.0))])


def fill(results: ResultService, project: Project) -> None:
    """Store something in the place of every mask and matte, and statistics of every mask."""
    found = Segmentation(np.ones((1, 1), np.float16), 0.9, TrackState.TRACKED)
    for obj in project:
        for span, pair in results.recipes.pairs(project, obj.id):
            for frame in span:
                for recipe, kind in zip(pair, ("matte", "mask"), strict=True):
                    name = f"{recipe.digest}-{obj.id}-{frame:06d}-{kind}"
                    results.store._blobs.put(name, b"")
                results.statistics.add(pair[1].key(obj.id, frame), found)
    results.statistics.flush()


def milliseconds(work: Callable[[], object]) -> float:
    """How long something takes once."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def median(work: Callable[[int], object]) -> float:
    """How long something takes, the median of some rounds."""
    return statistics.median(milliseconds(lambda turn=turn: work(turn)) for turn in range(ROUNDS))


def calls(work: Callable[[], object]) -> int:
    """How many Python calls something makes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)


def measure() -> dict[str, float]:
    """Every figure, in milliseconds unless it says otherwise."""
    project, store = a_project(), MatteCache(memory_limit=1 << 30)
    fill(ResultService(store), project)
    notes = _notes(store, project)
    gc.collect()
    model = Model(project.settings, Results(ResultService(store)), lambda: True)
    results = model.results
    requests = Requests(model.document, model.view, results, model.versions, model.objects)

    def show(state: Project) -> None:
        results.survey(state)
        for obj in state:
            results.statuses(obj.id)
        results._on_settled()

    def open_project() -> None:
        model.document.adopt(project)
        results.restore(project, unpack_latest(notes, project))
        show(project)

    def edit(turn: int) -> None:
        show(an_edit(project, turn))

    def step(turn: int) -> None:
        model.view.set_frame(turn * 2001 % LENGTH)
        requests.now()

    figures = {"opening": milliseconds(open_project)}
    for _ in results.service.read_statistics(project):
        raise RuntimeError("a mask without statistics")
    figures["statuses, first"] = milliseconds(lambda: show(project))
    figures["statuses after an edit of one object"] = median(edit)
    show(project)
    figures["statuses once more"] = median(lambda _turn: show(project))
    step(0)
    figures["picture request of a moved playhead"] = median(step)
    frames = LENGTH * OBJECTS
    figures["calls a frame, after an edit"] = calls(lambda: edit(ROUNDS)) / frames
    figures["distinct keys of the project"] = _distinct(results.service, project)
    return figures


def _notes(store: MatteCache, project: Project) -> dict[str, object]:
    """What the project's file says of what was seen, read back from its text."""
    results = ResultService(store)
    results.statuses.observe(project)
    return dict(json.loads(json.dumps(pack_latest(project, results.latest.all))))


def _distinct(results: ResultService, project: Project) -> int:
    return len({pair for obj in project for pair in results.recipes.pairs(project, obj.id).values})


def main() -> int:
    """Measure and print a table."""
    _app = QCoreApplication.instance() or QCoreApplication(sys.argv)
    figures = measure()
    sys.stdout.write(f"{platform.processor() or platform.machine()}, {LENGTH} frames, ")
    sys.stdout.write(f"{OBJECTS} objects, {PROMPTS} prompts each\n")
    for name, value in figures.items():
        sys.stdout.write(f"{name:40}{value:12.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
