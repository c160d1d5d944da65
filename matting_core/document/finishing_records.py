"""Records of finishing in project files; neutral tracks are left out."""

from __future__ import annotations

from typing import Any

from matting_core.document.finishing import LIMITS, Finishing, Parameter
from matting_core.document.shapes import Shape, ShapeKey, ShapeRole
from matting_core.document.tracks import Key, Track

Record = dict[str, Any]


def encode_finishing(finishing: Finishing) -> Record:
    """Encode a finishing as a JSON object."""
    return {
        "tracks": {
            parameter.value: {"value": track.value, "keys": [list(key) for key in track.keys]}
            for parameter, track in finishing
            if track != Track(float(LIMITS[parameter].neutral))
        },
        "shapes": [_shape_record(shape) for shape in finishing.shapes],
    }


def decode_finishing(record: Record) -> Finishing:
    """Decode a finishing from a JSON object.

    Raises:
        InputError: a value is outside its limits.
        LookupError, TypeError, ValueError: parts are missing or of the wrong kind.
    """
    finishing = Finishing(shapes=tuple(_shape(entry) for entry in record["shapes"]))
    for name, entry in dict(record["tracks"]).items():
        finishing = finishing.with_track(Parameter(name), _track(entry))
    return finishing


def _track(record: Record) -> Track:
    keys = tuple(Key(int(frame), float(value)) for frame, value in record["keys"])
    return Track(float(record["value"]), keys)


def _shape_record(shape: Shape) -> Record:
    return {
        "id": shape.id,
        "role": shape.role.value,
        "keys": [
            {"frame": key.frame, "points": [list(xy) for xy in key.points]} for key in shape.keys
        ],
        "curved": shape.curved,
        "inverted": shape.inverted,
        "feather": shape.feather,
        "enabled": shape.enabled,
    }


def _shape(record: Record) -> Shape:
    return Shape(
        id=int(record["id"]),
        role=ShapeRole(record["role"]),
        keys=tuple(_shape_key(entry) for entry in record["keys"]),
        curved=bool(record["curved"]),
        inverted=bool(record["inverted"]),
        feather=float(record["feather"]),
        enabled=bool(record["enabled"]),
    )


def _shape_key(record: Record) -> ShapeKey:
    points = tuple((float(x), float(y)) for x, y in record["points"])
    return ShapeKey(int(record["frame"]), points)
