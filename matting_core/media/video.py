"""Video files as clips."""

from __future__ import annotations

import logging
from collections import OrderedDict
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av

from matting_core.errors import InputError, MediaError
from matting_core.media.access import check_readable
from matting_core.media.fingerprint import fingerprint_files
from matting_core.media.video_decoder import VideoDecoder
from matting_core.media.video_pixels import FrameConverter, read_orientation
from matting_core.types import FramePixels, Size, Transfer

logger = logging.getLogger(__name__)

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".qt", ".3gp", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".ogv"}
    | {".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".mxf"}
)
"""Lower-case name endings that are taken for video."""

_CACHE_BYTES = 192 * 2**20
_NEAR = 8
_RUN_UPS = (0, 1, 3)


class VideoSource:
    """Clip of a video file through PyAV, each frame by its exact place in presentation order.

    The file is indexed when it is opened: frame `i` is the i-th presentation time, at constant or
    variable rate; times stay integers times a rational time base. Frames that are not shown (cut
    off by an edit list, alternate references) do not count, nor do those after a damage that ends
    the file. 8-bit codecs give uint8, deeper ones uint16 of full scale; the tagged colour matrix
    and range are honoured, and untagged video counts as limited BT.709 from 720 lines on, else
    BT.601. The display matrix is honoured; the pixels' aspect ratio is not, nor are transfer curves
    and primaries (PQ, HLG, BT.2020 come as coded), and interlaced frames come as they are woven.

    Raises:
        MediaError: the file is missing, empty, damaged, or no video.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        check_readable(self._path)
        self._decoder = VideoDecoder(self._path)
        self._converter = FrameConverter()
        self._recent: OrderedDict[int, av.VideoFrame] = OrderedDict()
        self._recent_bytes = 0
        self._closed = False
        self._run_up = _RUN_UPS[0]
        self._damaged: set[int] = set()
        first = self._decoder.first_frame
        self._keep(self._decoder.position, first)
        self._stored_size = (first.width, first.height)
        self._size = read_orientation(first).turn_size(Size(*self._stored_size))

    @property
    def path(self) -> str:
        """The file."""
        return str(self._path)

    @property
    def size(self) -> Size:
        """Width and height of every frame, upright."""
        return self._size

    @cached_property
    def rate(self) -> Fraction:
        """Frames per second; the average where the rate varies."""
        return self._decoder.index.rate(self._decoder.nominal_rate)

    @property
    def first_number(self) -> int:
        """Always 0."""
        return 0

    @property
    def transfer(self) -> Transfer:
        """Always "srgb"."""
        return "srgb"

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest of the file's contents."""
        return fingerprint_files([self._path])

    def __len__(self) -> int:
        return len(self._decoder.index)

    def read(self, index: int) -> FramePixels:
        """Return frame `index`, read-only (H, W, 3) uint8 or uint16 RGB.

        Raises:
            InputError: the index is outside the clip.
            MediaError: the frame is damaged, or the clip has been closed.
        """
        if not 0 <= index < len(self):
            raise InputError(f"Frame {index} is outside {self.path}, which has 0:{len(self)}.")
        if self._closed:
            raise MediaError(f"{self._path} has been closed; open it again.")
        frame = self._recent.get(index)
        if frame is None:
            frame = self._decode(index)
        else:
            self._recent.move_to_end(index)
        if (frame.width, frame.height) != self._stored_size:
            raise MediaError(
                f"Frame {index} of {self._path} has another size than the first; "
                "convert the clip to one size."
            )
        return self._converter.convert(frame)

    def time(self, index: int) -> Fraction:
        """Return the presentation time of frame `index` in seconds from the first frame's."""
        times = self._decoder.index
        return (times.pts[index] - times.pts[0]) * times.time_base

    def close(self) -> None:
        """Release the file and the frames kept."""
        self._closed = True
        self._recent.clear()
        self._decoder.close()

    def _decode(self, index: int) -> av.VideoFrame:
        frame = None
        if self._is_near_ahead(index):
            frame = self._decode_until(index)
        # damage can swallow frames that are whole when decoded from their own key frame, and
        # with intra refresh a picture is only whole some key points after the start
        for run_up in (r for r in _RUN_UPS if r >= self._run_up):
            if frame is not None or index in self._damaged:
                break
            self._decoder.seek(index, run_up)
            frame = self._decode_until(index)
            if frame is not None:
                self._run_up = run_up
        if frame is None:
            self._damaged.add(index)
            raise MediaError(
                f"Frame {index} of {self._path} is damaged; copy the file again or leave it out."
            )
        return frame

    def _is_near_ahead(self, index: int) -> bool:
        ahead = index - self._decoder.position
        if ahead <= 0:
            return False
        keys = self._decoder.index.keys_until(index)
        return ahead <= _NEAR or not keys or keys[-1].ordinal <= self._decoder.position

    def _decode_until(self, index: int) -> av.VideoFrame | None:
        while (item := self._decoder.read_next()) is not None:
            self._keep(*item)
            if item[0] >= index:
                return item[1] if item[0] == index else None
        return None

    def _keep(self, index: int, frame: av.VideoFrame) -> None:
        if index not in self._recent:
            self._recent_bytes += _bytes_of(frame)
        self._recent[index] = frame
        self._recent.move_to_end(index)
        while self._recent_bytes > _CACHE_BYTES and len(self._recent) > 1:
            _, oldest = self._recent.popitem(last=False)
            self._recent_bytes -= _bytes_of(oldest)


def _bytes_of(frame: av.VideoFrame) -> int:
    return sum(int(plane.buffer_size) for plane in frame.planes)
