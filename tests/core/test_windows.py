"""Windows that stay where they are."""

from matting_core.types import Size
from matting_core.windows import Window, snap_to_lattice
from tests.tables import table

SIZE = Size(1280, 720)


@table(
    ("window", "steady"),
    [
        (Window(45, 0, 729, 720), Window(0, 0, 768, 720)),
        (Window(0, 0, 805, 720), Window(0, 0, 832, 720)),
        (Window(0, 0, 826, 720), Window(0, 0, 832, 720)),
        (Window(557, 224, 713, 488), Window(544, 224, 736, 512)),
        (Window(1270, 710, 1280, 720), Window(1270, 710, 1280, 720)),
        (Window(0, 0, 1280, 720), Window(0, 0, 1280, 720)),
    ],
)
def test_edges_move_outwards_to_a_lattice_and_no_further_than_the_frame(window, steady) -> None:
    assert snap_to_lattice(window, SIZE) == steady
    assert snap_to_lattice(steady, SIZE) == steady


def test_a_small_change_of_the_mask_changes_nothing() -> None:
    windows = {snap_to_lattice(Window(100 + n, 60, 700 + n, 500), SIZE) for n in range(-3, 4)}
    assert len(windows) == 1


@table("extent", [8, 9, 63, 100, 511, 720])
def test_no_edge_moves_by_an_eighth(extent) -> None:
    window = Window(201, 3, 201 + extent, 3 + extent // 2 + 1)
    steady = snap_to_lattice(window, Size(4000, 4000))
    moved = [abs(new - old) for new, old in zip(steady, window, strict=True)]
    assert max(moved) < extent / 8
    assert steady.contains(window)
