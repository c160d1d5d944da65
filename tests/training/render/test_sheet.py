import numpy as np

from matting_core.training.render.sheet import CAPTION, GAP, GREEN, draw_contact_sheet


def item(label="one", value=200, cover=1.0, height=30, width=40):
    picture = np.full((height, width, 3), value, np.uint8)
    return label, picture, np.full((height, width), cover, np.float32)


def test_page_has_room_for_every_tile():
    page = draw_contact_sheet([item()] * 5, columns=2)
    assert page.dtype == np.uint8
    assert page.shape == (3 * (30 + CAPTION + GAP) + GAP, 2 * (3 * 40 + GAP) + GAP, 3)


def test_tile_shows_picture_alpha_and_composite_on_green():
    page = draw_contact_sheet([item(cover=0.0)], columns=3)
    row = page[GAP + CAPTION + 15]
    assert (row[GAP + 20] == 200).all()
    assert (row[GAP + 60] == 0).all()
    assert tuple(row[GAP + 100]) == GREEN


def test_half_covered_pixels_mix_with_green():
    page = draw_contact_sheet([item(cover=0.5)], columns=1)
    assert tuple(page[GAP + CAPTION + 15, GAP + 100]) == (100, 228, 100)


def test_label_is_written_above_its_tile():
    plain, named = draw_contact_sheet([item("")], 1), draw_contact_sheet([item("name")], 1)
    assert not np.array_equal(plain[: GAP + CAPTION], named[: GAP + CAPTION])
    assert np.array_equal(plain[GAP + CAPTION :], named[GAP + CAPTION :])


def test_tiles_of_different_sizes_share_a_page():
    page = draw_contact_sheet([item(), item(height=50, width=20)], columns=2)
    assert page.shape[0] == 50 + CAPTION + 2 * GAP


def test_no_items_still_give_a_picture():
    assert draw_contact_sheet([], columns=4).shape == (1, 1, 3)
