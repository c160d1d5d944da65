"""The export formats: every module of this folder that has a `SPEC`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from matting_core import export
from matting_core.errors import InputError
from matting_core.export.base import ExportSpec

DEFAULT_FORMAT = "png"


@cache
def export_formats() -> dict[str, ExportSpec[Any]]:
    """All formats by id; the default's first, the others by id."""
    names = [module.name for module in pkgutil.iter_modules(export.__path__)]
    modules = [importlib.import_module(f"{export.__name__}.{name}") for name in sorted(names)]
    specs = (getattr(module, "SPEC", None) for module in modules)
    found = [spec for spec in specs if isinstance(spec, ExportSpec)]
    found.sort(key=lambda spec: (spec.id != DEFAULT_FORMAT, spec.id))
    return {spec.id: spec for spec in found}


def export_format(format_id: str) -> ExportSpec[Any]:
    """The format of an id.

    Raises:
        InputError: there is none.
    """
    formats = export_formats()
    if format_id not in formats:
        raise InputError(
            f"There is no export format '{format_id}'; choose one of: {', '.join(formats)}."
        )
    return formats[format_id]
