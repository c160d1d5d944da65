"""Index of a video stream: its shown frames in presentation order, and its key frames."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, pairwise
from typing import NamedTuple, Self

import av
from av.container import InputContainer
from av.video.stream import VideoStream


class PacketStamp(NamedTuple):
    """Stamp of a packet, in the order of the file."""

    pts: int | None
    dts: int | None
    is_key: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """Key frame, where decoding may begin.

    Attributes:
        ordinal: the first frame that is right when decoding begins here; earlier ones that come
            out (leading frames of an open GOP) are not.
        stamp: its packet's presentation time, or its dts where the index is `counted`.
        dts: its packet's decoding time.
    """

    ordinal: int
    stamp: int
    dts: int


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Index of a stream's frames.

    Attributes:
        pts: presentation time of each frame, strictly rising.
        time_base: seconds per unit of `pts`.
        keys: where decoding may begin, by rising ordinal.
        counted: the file's packets carry no usable pts: a decoded frame is told by counting from
            a key frame, not by its time.
    """

    pts: tuple[int, ...]
    time_base: Fraction
    keys: tuple[KeyPoint, ...]
    counted: bool = False

    def __len__(self) -> int:
        return len(self.pts)

    def ordinal(self, pts: int | None) -> int | None:
        """Return the frame with exactly this time, or None."""
        if pts is None:
            return None
        place = bisect_left(self.pts, pts)
        return place if place < len(self.pts) and self.pts[place] == pts else None

    def keys_until(self, ordinal: int) -> tuple[KeyPoint, ...]:
        """Return the key points that `ordinal` can be decoded from, the last one is nearest."""
        return self.keys[: bisect_right(self.keys, ordinal, key=lambda key: key.ordinal)]

    def without_first(self, count: int) -> Self:
        """Return the index without the first `count` frames."""
        keys = tuple(replace(key, ordinal=max(0, key.ordinal - count)) for key in self.keys)
        return replace(self, pts=self.pts[count:], keys=keys)

    def rate(self, nominal: Fraction | None) -> Fraction:
        """Return frames per second: `nominal` where the frames keep to it, else the average."""
        if len(self.pts) < 2:
            return nominal or Fraction(24)
        span = (self.pts[-1] - self.pts[0]) * self.time_base
        average = (len(self.pts) - 1) / span
        if nominal and all(
            abs((b - a) * self.time_base * nominal - 1) < Fraction(1, 4)
            for a, b in pairwise(self.pts)
        ):
            return nominal
        return average


def index_stream(container: InputContainer, stream: VideoStream) -> FrameIndex:
    """Index a stream that has just been opened; it must be sought before it is decoded.

    The packets' times are used where they tell the frames; else the whole stream is decoded once.
    A damaged end is left out.
    """
    stamps = list(_read_stamps(container, stream))
    if _has_true_times(container, stamps):
        return _index_by_time(stream, stamps)
    container.seek(container.start_time or 0)
    return _index_by_decoding(container, stream, stamps)


def demux(container: InputContainer, stream: VideoStream) -> Iterator[av.Packet]:
    """Yield the stream's packets that hold data, up to its end or to the first read error.

    Empty packets are left out: AVI holds some, and to a decoder they mean the end.
    """
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return


def decode(stream: VideoStream, packets: Iterable[av.Packet]) -> Iterator[av.VideoFrame]:
    """Yield the frames of packets in presentation order; damaged packets give none."""
    for packet in chain(packets, (None,)):
        # the decoder would make half a picture of a packet that is cut short, and not tell
        if packet is not None and packet.is_corrupt:
            continue
        try:
            frames = stream.decode(packet)
        except av.error.FFmpegError:
            continue
        yield from frames


def _read_stamps(container: InputContainer, stream: VideoStream) -> Iterator[PacketStamp]:
    for packet in demux(container, stream):
        is_shown = not packet.is_discard and not _is_hidden(stream, packet)
        yield PacketStamp(packet.pts, packet.dts, packet.is_keyframe, is_shown)


def _is_hidden(stream: VideoStream, packet: av.Packet) -> bool:
    """Tell VP8's alternate reference frames, which are never shown (RFC 6386, 9.1)."""
    return stream.codec_context.name in ("vp8", "libvpx") and not bytes(packet)[0] >> 4 & 1


def _has_true_times(container: InputContainer, stamps: list[PacketStamp]) -> bool:
    # AVI stores no presentation times: FFmpeg guesses them, wrongly where frames are reordered
    if container.format.name == "avi" and not all(stamp.is_key for stamp in stamps):
        return False
    times = [stamp.pts for stamp in stamps if stamp.is_shown]
    return None not in times and len(set(times)) == len(times)


def _index_by_time(stream: VideoStream, stamps: list[PacketStamp]) -> FrameIndex:
    times = sorted(s.pts for s in stamps if s.is_shown and s.pts is not None)
    keys = sorted((s.pts, s.dts or s.pts) for s in stamps if s.is_key and s.pts is not None)
    points = tuple(KeyPoint(bisect_left(times, pts), pts, dts) for pts, dts in keys)
    return FrameIndex(tuple(times), Fraction(stream.time_base or 1), points)


def _index_by_decoding(
    container: InputContainer, stream: VideoStream, stamps: list[PacketStamp]
) -> FrameIndex:
    times: list[int | None] = []
    key_ordinals: list[int] = []
    for frame in decode(stream, demux(container, stream)):
        if frame.key_frame:
            key_ordinals.append(len(times))
        times.append(frame.pts)
    key_times = [stamp.dts for stamp in stamps if stamp.is_key]
    keys: tuple[KeyPoint, ...] = ()
    if len(key_times) == len(key_ordinals):
        pairs = zip(key_ordinals, key_times, strict=True)
        keys = tuple(KeyPoint(ordinal, dts, dts) for ordinal, dts in pairs if dts is not None)
    known = tuple(time for time in times if time is not None)
    if len(known) == len(times) and all(a < b for a, b in pairwise(known)):
        return FrameIndex(known, Fraction(stream.time_base or 1), keys, counted=True)
    rate = stream.guessed_rate or stream.average_rate or Fraction(24)
    return FrameIndex(tuple(range(len(times))), 1 / Fraction(rate), keys, counted=True)
