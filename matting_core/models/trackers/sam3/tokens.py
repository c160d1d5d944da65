"""Tokens of text for SAM 3: CLIP's byte pairs, without fetching anything.

The vocabulary is the table of merges that the package `open_clip` brings (Radford et al., "Learning
Transferable Visual Models From Natural Language Supervision", 2021).
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from transformers import CLIPTokenizer

from matting_core.errors import InputError, ModelError

LONGEST = 32
"""Tokens that the text encoder reads, the two at the ends included."""

_FILE = "bpe_simple_vocab_16e6.txt.gz"
_SIZE = 49408
_ENDS = ("<|startoftext|>", "<|endoftext|>")
_WORD_END = "</w>"


def tokenize(text: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a text's tokens and which of them count, both (1, 32) int64.

    Raises:
        InputError: the text has more tokens than SAM 3 reads.
        ModelError: the vocabulary is missing.
    """
    tokenizer = _tokenizer()
    # Not verbose: a text that is too long is refused here, once, and by name.
    count = len(tokenizer(text, verbose=False)["input_ids"])
    if count > LONGEST:
        raise InputError(
            f"The text '{text}' is too long for SAM 3 ({count - 2} parts of words, {LONGEST - 2} "
            "at most); use fewer words."
        )
    found = tokenizer(text, padding="max_length", max_length=LONGEST, return_tensors="pt")
    return found["input_ids"], found["attention_mask"]


@lru_cache(maxsize=1)
def _tokenizer() -> Any:  # noqa: ANN401 - transformers has no types
    merges = _merges()
    symbols = _byte_symbols()
    words = [*symbols, *(symbol + _WORD_END for symbol in symbols)]
    words += [first + second for first, second in merges]
    words += _ENDS
    vocabulary = {word: index for index, word in enumerate(words)}
    make: Any = CLIPTokenizer
    return make(vocab=vocabulary, merges=merges, model_max_length=LONGEST)


def _merges() -> list[tuple[str, str]]:
    found = find_spec("open_clip")
    origin = None if found is None else found.origin
    path = None if origin is None else Path(origin).with_name(_FILE)
    if path is None or not path.is_file():
        raise ModelError(
            "CLIP's vocabulary is missing, which SAM 3 reads text by; run "
            "`pip install 'wisp-matting[sam3]'`."
        )
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    wanted = _SIZE - 2 * len(_byte_symbols()) - len(_ENDS)
    pairs = (line.split() for line in lines[1 : 1 + wanted])
    return [(first, second) for first, second in pairs]


def _byte_symbols() -> list[str]:
    """List a visible character for each byte, visible bytes first."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = (byte for byte in range(256) if byte not in visible)
    stand_ins = [chr(256 + index) for index, _ in enumerate(hidden)]
    return [*map(chr, visible), *stand_ins]
