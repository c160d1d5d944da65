"""Only lanes make threads: what else could collect garbage off the UI thread (decision 21)?"""

import re
from pathlib import Path

import app

_MAKES_THREADS = re.compile(r"\b(QThread|QThreadPool|QRunnable|QtConcurrent|threading\.Thread)\b")
_CURRENT = re.compile(r"QThread\.currentThread\(\)")


def test_only_lanes_make_threads():
    root = Path(app.__file__).parent
    makers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if _MAKES_THREADS.search(_CURRENT.sub("", path.read_text()))
    }
    assert makers == {"shell/jobs.py"}
