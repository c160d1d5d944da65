"""Decoder of a video file from any frame onwards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import av
from av.stream import Disposition
from av.video.stream import VideoStream

from matting_core.errors import MediaError
from matting_core.media.frame_index import FrameIndex, decode, demux, index_stream

logger = logging.getLogger(__name__)

_THREADS = 4
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,mxf,asf,flv,ogg,gif,nut,"
    "h264,hevc,ivf"
)
# playlists and the like would open other files, and even addresses on the network
_OPTIONS = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}


class VideoDecoder:
    """Decoder of an open file: frames one after another from where `seek` put it.

    Attributes:
        index: the frames.
        nominal_rate: frames per second that the file states, if it does.
        first_frame: the first one that decodes; reading goes on after it.

    Raises:
        MediaError: the file is no video that can be read, or shows no frames.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = -1
        self._frames: Iterator[tuple[int, av.VideoFrame]] = iter(())
        self._open()
        try:
            self.nominal_rate = self._stream.guessed_rate or self._stream.average_rate
            self.index: FrameIndex = index_stream(self._container, self._stream)
            self._expect(len(self.index) > 0, "has no frames; export it again")
            self.first_frame = self._decode_first()
        except BaseException:
            self.close()
            raise

    @property
    def position(self) -> int:
        """Index of the frame that `read_next` gave last, -1 after `rewind`."""
        return self._position

    def read_next(self) -> tuple[int, av.VideoFrame] | None:
        """Return the next frame that decodes, with its index; None at the end."""
        item = next(self._frames, None)
        if item is not None:
            self._position = item[0]
        return item

    def seek(self, frame: int, run_up: int = 0) -> None:
        """Go to the nearest key frame from which `read_next` reaches `frame`.

        Args:
            frame: where to.
            run_up: how many key frames to go back beyond the nearest.
        """
        keys = self.index.keys_until(frame)
        for key in keys[: max(1, len(keys) - run_up)][:-3:-1]:
            for stamp in dict.fromkeys((key.stamp, key.dts)):
                if self._start_at(stamp, frame):
                    return
        self.rewind()

    def rewind(self) -> None:
        """Go to the start of the file."""
        self.close()
        self._open()
        self._position = -1
        packets = demux(self._container, self._stream)
        self._frames = self._number_frames(packets, 0, wait_for_key=False)

    def close(self) -> None:
        """Release the file; there are no frames after that until `rewind`."""
        # with PyAV 18 a demuxer or stream that is used after this ends the process
        self._frames = iter(())
        self._container.close()

    def _open(self) -> None:
        try:
            # the prefix keeps a colon in a name from being read as a protocol
            self._container = av.open(f"file:{self._path}", options=_OPTIONS)
        except (av.error.FFmpegError, UnicodeError) as error:
            logger.info("cannot open %s: %s", self._path, error)
            raise MediaError(
                f"{self._path} is not a video that can be read, or is cut short; "
                "export it again as MP4 or MOV."
            ) from error
        self._stream = self._pick_stream()
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.thread_count = _THREADS

    def _pick_stream(self) -> VideoStream:
        pictures = [
            stream
            for stream in self._container.streams.video
            if not stream.disposition & Disposition.attached_pic
        ]
        self._expect(bool(pictures), "holds no video, only sound or a cover; choose another file")
        readable: list[VideoStream] = [
            stream for stream in pictures if stream.codec_context is not None
        ]
        self._expect(bool(readable), "uses an unknown codec; convert it to H.264 or ProRes")
        best = self._container.streams.best("video")
        preferred = [stream for stream in readable if best and stream.index == best.index]
        return (preferred or readable)[0]

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self._container.close()
            raise MediaError(f"{self._path} {otherwise}.")

    def _decode_first(self) -> av.VideoFrame:
        """Decode the first frame, and leave out frames before it (of a cut stream)."""
        self.rewind()
        item = self.read_next()
        if item is None:
            raise MediaError(f"{self._path} is damaged: no frame can be decoded; copy it again.")
        missing, frame = item
        if self.index.keys:
            missing = min(missing, self.index.keys[0].ordinal)
        if missing:
            logger.info("%s: %d frames before the first key frame left out", self._path, missing)
            self.index = self.index.without_first(missing)
            self._position -= missing
        return frame

    def _start_at(self, stamp: int, frame: int) -> bool:
        """Seek the file; False if that did not lead to a key frame at or before `frame`."""
        try:
            self._container.seek(stamp, stream=self._stream)
        except av.error.FFmpegError:
            return False
        packets = demux(self._container, self._stream)
        first = next(packets, None)
        if first is None:
            return False
        landed = first.dts if self.index.counted else first.pts
        for key in reversed(self.index.keys_until(frame)):
            if key.stamp == landed:
                self._position = key.ordinal - 1
                self._frames = self._number_frames(
                    chain((first,), packets), key.ordinal, wait_for_key=True
                )
                return True
        return False

    def _number_frames(
        self, packets: Iterator[av.Packet], first: int, *, wait_for_key: bool
    ) -> Iterator[tuple[int, av.VideoFrame]]:
        frames = decode(self._stream, packets)
        if self.index.counted:
            return self._number_by_counting(frames, first, wait_for_key=wait_for_key)
        return self._number_by_time(frames, first)

    def _number_by_time(
        self, frames: Iterator[av.VideoFrame], first: int
    ) -> Iterator[tuple[int, av.VideoFrame]]:
        for frame in frames:
            ordinal = self.index.ordinal(frame.pts)
            if ordinal is not None and ordinal >= first and not frame.is_corrupt:
                yield ordinal, frame

    def _number_by_counting(
        self, frames: Iterator[av.VideoFrame], first: int, *, wait_for_key: bool
    ) -> Iterator[tuple[int, av.VideoFrame]]:
        ordinal = first
        for frame in frames:
            if wait_for_key and not frame.key_frame:
                continue
            wait_for_key = False
            if ordinal < len(self.index) and not frame.is_corrupt:
                yield ordinal, frame
            ordinal += 1
