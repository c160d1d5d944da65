"""What is on screen is finished, and shares alpha where it is asked for."""

from dataclasses import replace

import numpy as np
import pytest

from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.picture import LayerRequest, PictureRequest
from app.model.view import ViewMode
from matting_core.document.finishing import Finishing, Parameter
from matting_core.document.tracks import Key, Track
from matting_core.results.recipes import MatteKey
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import Matte, ObjectId
from tests.clips import write_moving_disc_clip

ONE, TWO = ObjectId(1), ObjectId(2)
KEYS = {ONE: MatteKey(ONE, 2, "one"), TWO: MatteKey(TWO, 2, "two")}
CLEARED = Finishing().with_track(Parameter.BLACK, Track(0.0, (Key(2, 1.0), Key(4, 0.0))))


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "disc.mp4"
    write_moving_disc_clip(path, 4)
    return path


@pytest.fixture
def maker(clip):
    cache = MatteCache()
    maker = PictureMaker(ResultService(cache))
    size = maker.open(str(clip)).size
    flat = np.full(size.hw, 0.75, np.float32)
    for key in KEYS.values():
        cache.put_matte(key, Matte(flat, flat, flat))
    yield maker
    maker.close()


def a_layer(number, finishing=None, *, shown=True):
    look = (finishing or Finishing()).values_on(2)
    return LayerRequest(number, (255, 0, 0), KEYS[number], None, look, shown)


def level(maker, clip, *layers, share=False):
    """The grey level of the alpha view."""
    sharing = tuple(replace(layer, shares=share) for layer in layers)
    request = PictureRequest(str(clip), 2, ViewMode.ALPHA, sharing)
    return int(maker.make(request).rgb[5, 5, 0])


def test_a_matte_is_shown_finished_as_on_its_frame(maker, clip):
    assert level(maker, clip, a_layer(ONE)) == 191
    assert level(maker, clip, a_layer(ONE, CLEARED)) == 0


def test_sharing_counts_objects_that_are_not_shown(maker, clip):
    other = a_layer(TWO, shown=False)
    assert level(maker, clip, a_layer(ONE), other) == 191
    assert level(maker, clip, a_layer(ONE), other, share=True) in (127, 128)
    assert level(maker, clip, a_layer(ONE), a_layer(TWO, CLEARED, shown=False), share=True) == 191


def test_a_locked_layer_stays_and_the_other_gets_what_it_leaves(maker, clip):
    locked, other = replace(a_layer(ONE), locked=True), a_layer(TWO)
    hidden = replace(other, shown=False)
    assert level(maker, clip, locked, hidden, share=True) == 191
    assert level(maker, clip, replace(locked, shown=False), other, share=True) == 64


def test_only_mattes_of_today_share_as_in_an_export(maker, clip):
    stale = replace(a_layer(TWO, shown=False), fresh=MatteKey(TWO, 2, "new"), seen=KEYS[TWO])
    assert level(maker, clip, a_layer(ONE), stale, share=True) == 191


def test_a_layer_that_is_not_shown_leaves_no_matte(maker, clip):
    request = PictureRequest(str(clip), 2, ViewMode.ALPHA, (a_layer(ONE, shown=False),))
    picture = maker.make(request)
    assert picture.mattes == 0
    assert picture.rgb.max() == 0
