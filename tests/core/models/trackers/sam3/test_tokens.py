from __future__ import annotations

import pytest

from matting_core.errors import InputError, ModelError
from matting_core.models.trackers.sam3 import tokens
from matting_core.models.trackers.sam3.tokens import LONGEST, tokenize


def test_tokens_are_those_of_clip() -> None:
    ids, counts = tokenize("a photo of a cat")
    assert ids.shape == counts.shape == (1, LONGEST)
    assert ids[0, :7].tolist() == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert counts[0].tolist() == [1] * 7 + [0] * 25
    assert len(tokens._tokenizer()) == 49408


def test_case_and_spaces_do_not_count() -> None:
    assert tokenize("A  Photo of a CAT")[0].equal(tokenize("a photo of a cat")[0])


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match=r"too long for SAM 3 \(40 parts of words, 30 at most\)"):
        tokenize("cat " * 40)


def test_without_the_vocabulary_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setattr(tokens, "find_spec", lambda _name: None)
    tokens._tokenizer.cache_clear()
    with pytest.raises(ModelError, match=r"run `pip install 'wisp-matting\[sam3\]'`"):
        tokenize("cat")
    tokens._tokenizer.cache_clear()
