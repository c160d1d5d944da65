"""Each module of the editor can be the first that is imported: there is no circle of imports."""

import subprocess
import sys
from pathlib import Path

import app

_EACH_FIRST = """
import importlib, sys
for name in sys.argv[1:]:
    for known in [each for each in sys.modules if each.split(".")[0] == "app"]:
        del sys.modules[known]
    importlib.import_module(name)
"""


def test_each_module_can_be_imported_first():
    root = Path(app.__file__).parent
    paths = sorted(path.relative_to(root.parent).with_suffix("") for path in root.rglob("*.py"))
    names = [".".join(path.parts).removesuffix(".__init__") for path in paths]
    done = subprocess.run(
        [sys.executable, "-c", _EACH_FIRST, *names], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
