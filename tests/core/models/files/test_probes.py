from __future__ import annotations

import subprocess
import sys

import pytest

from matting_core.errors import ModelError
from matting_core.models.files.probes import check_probe, known_probes, start_probe
from matting_core.types import DeviceChoice
from tests.tables import table


def test_a_process_probes_and_keeps_what_it_found() -> None:
    with start_probe("head:mask", DeviceChoice.CPU) as process:
        process.wait()
        check_probe(process)
    assert set(known_probes()) == {"head:mask"}


@table(
    ("code", "sentence"),
    [
        ("import sys; sys.exit('noise\\nwisp: It is missing; get it.')", "It is missing; get it."),
        ("import os; os._exit(9)", "The probe ended early"),
    ],
)
def test_a_process_that_failed_is_a_sentence(code, sentence) -> None:
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        process.wait()
        with pytest.raises(ModelError, match=sentence):
            check_probe(process)
