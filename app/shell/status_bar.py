"""The status bar: what runs, how long it takes, pause and cancel, device, saved or not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from app.shell.jobs import Job
from app.shell.tasks import Tasks
from matting_core.jobs import Progress

_BAR_WIDTH = 160


class StatusBar(QStatusBar):
    """Status bar: the foremost task, the device, and how safe the document is.

    Args:
        tasks: what runs.
        parent: the Qt parent.
    """

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._tasks = tasks
        tasks.changed.connect(self._refresh)
        tasks.progressed.connect(self._refresh)
        self._text = QLabel(self.tr("Ready"))
        self._text.setContentsMargins(8, 0, 8, 0)
        self._text.setMinimumWidth(1)  # else a long name would widen the window
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._pause = QPushButton(self.tr("Pause"))
        self._pause.setToolTip(self.tr("Pause or go on (Ctrl+P)"))
        self._pause.clicked.connect(self._on_pause)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop; what is done stays (Esc)"))
        self._cancel.clicked.connect(self._on_cancel)
        self._device = QLabel()
        self._device.setToolTip(self.tr("Where the models run"))
        self._saved = QLabel()
        for widget in (self._text, self._bar, self._pause, self._cancel):
            self.addWidget(widget)
        for label in (self._device, self._saved):
            label.setProperty("quiet", True)
            label.setContentsMargins(8, 0, 8, 0)
            self.addPermanentWidget(label)
        for button in (self._pause, self._cancel):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._refresh()

    @property
    def text(self) -> str:
        """What the job's line says."""
        return self._text.text()

    @property
    def saved(self) -> str:
        """What it says about the document's safety."""
        return self._saved.text()

    @Slot(object)
    def show_device(self, name: str) -> None:
        """Name the device that models run on."""
        self._device.setText(name)

    @Slot(str, str)
    def show_saved(self, text: str, hint: str) -> None:
        """Say whether the document is saved."""
        self._saved.setText(text)
        self._saved.setToolTip(hint)

    @Slot()
    def _on_pause(self) -> None:
        job = self._tasks.shown
        if job is not None:
            job.set_paused(not job.paused)

    @Slot()
    def _on_cancel(self) -> None:
        job = self._tasks.shown
        if job is not None:
            job.cancel()

    @Slot()
    def _refresh(self) -> None:
        job = self._tasks.shown
        for widget in (self._bar, self._cancel):
            widget.setVisible(job is not None)
        self._pause.setVisible(job is not None and job.pausable)
        if job is None:
            self._text.setText(self.tr("Ready"))
            return
        progress = self._tasks.progress(job)
        self._pause.setText(self.tr("Resume") if job.paused else self.tr("Pause"))
        self._bar.setMaximum(progress.total)
        self._bar.setValue(progress.done)
        self._text.setText(self._describe(job, progress))

    def _describe(self, job: Job, progress: Progress) -> str:
        text = f"{job.title}: {progress.done}/{progress.total}" if progress.total else job.title
        if job.paused:
            return self.tr("{text} · paused").format(text=text)
        if not progress.total:
            return f"{text}…"
        if progress.seconds_left is None:
            return text
        return f"{text} · {self._time_left(progress.seconds_left)}"

    def _time_left(self, seconds: float) -> str:
        if seconds < 10:
            return self.tr("{seconds:.1f} s left").format(seconds=seconds)
        if seconds < 90:
            return self.tr("{seconds:.0f} s left").format(seconds=seconds)
        return self.tr("{minutes:.0f} min left").format(minutes=seconds / 60)
