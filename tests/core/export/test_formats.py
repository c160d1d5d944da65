"""The export formats: each keeps the contract; another one is one file with a spec."""

import numpy as np
import pytest

from matting_core.cli.main import main
from matting_core.errors import InputError
from matting_core.export import formats
from matting_core.export.base import ExportFrame
from matting_core.export.formats import DEFAULT_FORMAT, export_format, export_formats
from matting_core.types import Matte, Segmentation, Size, TrackState
from tests.core.export.formats import RAW

SIZE = Size(7, 5)


@pytest.fixture
def frame() -> ExportFrame:
    alpha = np.linspace(0, 1, 35, dtype=np.float32).reshape(SIZE.hw)
    matte = Matte(alpha, np.zeros_like(alpha), np.ones_like(alpha))
    logits = np.where(alpha > 0.5, 4, -4).astype(np.float16)
    return ExportFrame(matte, Segmentation(logits, 1.0, TrackState.TRACKED), SIZE)


@pytest.fixture
def with_raw(monkeypatch) -> None:
    """Let there be a second format."""
    several = {**export_formats(), RAW.id: RAW}
    monkeypatch.setattr("matting_core.cli.main.export_formats", lambda: several)
    monkeypatch.setattr(formats, "export_formats", lambda: several)


def test_png_comes_first_and_an_unknown_format_says_what_there_is():
    assert next(iter(export_formats())) == DEFAULT_FORMAT
    with pytest.raises(InputError, match="no export format 'tga'; choose one of: png"):
        export_format("tga")


def test_every_format_writes_files_whose_stamp_it_reads(frame, tmp_path):
    for spec in (*export_formats().values(), RAW):
        options = spec.options()
        kinds = spec.kinds(options)
        assert kinds[0] == "alpha", spec.id
        for kind in kinds:
            path = tmp_path / f"{kind}{spec.suffix}"
            assert spec.read_stamp(path) is None, spec.id
            spec.write(path, frame, kind, options, "a stamp")
            assert spec.read_stamp(path) == "a stamp", spec.id
            path.write_bytes(b"something else")
            assert spec.read_stamp(path) is None, spec.id


def test_every_option_of_every_format_can_be_given_as_text():
    for spec in (*export_formats().values(), RAW):
        for name, info in spec.option_infos().items():
            for value, _words in info.choices:
                chosen = getattr(spec.parse_options({name: str(value)}), name)
                assert chosen == (frozenset({value}) if info.several else value), (spec.id, name)
            with pytest.raises(InputError, match="choose from"):
                spec.parse_options({name: "nonsense"})
            assert getattr(spec.parse_options({name: None}), name) == spec.default(name)


def test_another_formats_options_are_flags_by_themselves(with_raw, capsys):
    with pytest.raises(SystemExit):
        main(["matte", "--help"])
    said = capsys.readouterr().out
    assert "--order {rows,columns}" in said
    assert "--format {png,raw}" in said
    assert "--bit-depth {16,8}" in said
