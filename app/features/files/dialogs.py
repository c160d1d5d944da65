"""What the File menu asks beyond opening and saving, and what comes up about files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.features.files.collect_dialog import CollectDialog
from app.features.files.collecting import ProjectCollector
from app.features.files.import_dialog import ImportAlphaDialog
from app.features.files.mask_import import MaskImporter
from app.features.files.project_files import ProjectFiles
from app.features.files.recovery import Recovery
from app.features.files.states_dialog import BackupsDialog, UnsavedDialog
from app.features.files.states_table import name_of, when
from app.model.model import Model
from app.shell.messages import Answer, Messenger
from app.shell.settings import UserSettings
from matting_core.document.storage import SUFFIX, with_suffix
from matting_core.document.summary import ProjectSummary
from matting_core.export.collecting import CollectOptions
from matting_core.media.sequence import is_pattern
from matting_core.media.stills import IMAGE_SUFFIXES

_MOST_NAMES = 3


class FileDialogs(QObject):
    """Dialogs of the File menu, shown over a window; owner of its commands."""

    def __init__(
        self,
        model: Model,
        files: ProjectFiles,
        recovery: Recovery,
        masks: MaskImporter,
        collects: ProjectCollector,
        user: UserSettings,
        messenger: Messenger,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.model = model
        self._files = files
        self._recovery = recovery
        self._masks = masks
        self._collects = collects
        self._user = user
        self._messenger = messenger
        self._window = window
        self._asked: set[Path] = set()
        recovery.offered.connect(self._on_offered)
        files.adopted.connect(self._on_adopted)

    @property
    def has_file(self) -> bool:
        """Whether the document has a file."""
        return self._files.path is not None

    @property
    def collecting(self) -> bool:
        """Whether a project is being collected."""
        return self._collects.running

    def ask_clip(self) -> None:
        """Let the user choose a clip or a project to open."""
        chooser = self._chooser(self.tr("Open clip or project"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.open_path)
        chooser.open()

    def ask_folder(self) -> None:
        """Let the user choose a folder of stills to open."""
        chooser = self._chooser(self.tr("Open folder of stills"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(self.open_path)
        chooser.open()

    def open_demo(self) -> None:
        """Open the bundled clip with its prompts."""
        self._files.open_demo()

    @Slot(str)
    def open_path(self, name: str) -> None:
        """Open a clip, a folder of stills or a project."""
        path = Path(name)
        self._user.set_folder("open", path.parent)
        self._files.open(path)

    def save(self) -> None:
        """Save to the document's file, or ask for one."""
        if self._files.path is None:
            self.ask_save()
        else:
            self._files.save(self._files.path)

    @Slot()
    def ask_save(self) -> None:
        """Ask for a file, and save the project to it."""
        folder = self._user.folder("save")
        chooser = QFileDialog(self._window, self.tr("Save project"), folder)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(self.tr("Wisp projects (*{suffix})").format(suffix=SUFFIX))
        chooser.setDefaultSuffix(SUFFIX)
        chooser.selectFile(Path(self._files.title).stem + SUFFIX)
        chooser.fileSelected.connect(self._on_save_chosen)
        chooser.open()

    @Slot()
    def show_unsaved(self) -> None:
        """List the unsaved work that was kept."""
        recovery = self._recovery
        for shown in self._window.findChildren(UnsavedDialog):
            shown.close()
        dialog = UnsavedDialog(self._window)
        recovery.listed.connect(dialog.show_states)
        dialog.open_wanted.connect(self._files.restore)
        dialog.discard_wanted.connect(lambda state: recovery.discard(state.path))
        dialog.show()
        recovery.refresh()

    @Slot()
    def ask_backup(self) -> None:
        """List the backups of the document's file."""
        files = self._files
        if files.path is None:
            return
        for shown in self._window.findChildren(BackupsDialog):
            shown.close()
        dialog = BackupsDialog(files.path, self._window)
        files.backups_listed.connect(dialog.show_states)
        dialog.open_wanted.connect(lambda state: files.revert(state.path))
        dialog.show()
        files.list_backups()

    @Slot()
    def ask_lost_clip(self) -> None:
        """Let the user say where the document's clip is now."""
        clip = self.model.project.clip
        if clip is None:
            return
        path = Path(clip.path)
        title = self.tr("Find {name}").format(name=path.name)
        chooser = self._chooser(title)
        of_files = bool(path.suffix) and not is_pattern(path)
        modes = QFileDialog.FileMode
        chooser.setFileMode(modes.ExistingFile if of_files else modes.Directory)
        chooser.fileSelected.connect(self._on_clip_chosen)
        chooser.open()

    @Slot()
    def ask_collect(self) -> None:
        """Ask where to collect the project, then do it."""
        clip = self.model.project.clip
        if clip is None:
            return
        name = Path(self._files.title).stem
        folder = Path(self._user.folder("collect")) / f"{name}_collected"
        dialog = CollectDialog(
            folder / (name + SUFFIX), Path(clip.path).name, self._user.backups, self._window
        )
        dialog.collect_wanted.connect(self._on_collect_wanted)
        dialog.open()

    @Slot()
    def ask_mask(self) -> None:
        """Let the user choose a mask image for this frame."""
        folder = self._user.folder("import")
        chooser = QFileDialog(self._window, self.tr("Import mask"), folder)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        everything = self.tr("All files (*)")
        chooser.setNameFilters([self.tr("Images ({endings})").format(endings=endings), everything])
        chooser.fileSelected.connect(self._on_mask_chosen)
        chooser.open()

    @Slot()
    def ask_alpha(self) -> None:
        """Ask for an alpha sequence."""
        obj = self.model.active
        name = obj.name if obj is not None else self.tr("a new object")
        dialog = ImportAlphaDialog(self._user.folder("import"), name, self._window)
        dialog.chosen.connect(self._on_alpha_chosen)
        dialog.open()

    def _chooser(self, title: str) -> QFileDialog:
        chooser = QFileDialog(self._window, title, self._user.folder("open"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return chooser

    def _count_text(self, state: ProjectSummary) -> str:
        objects = (
            self.tr("1 object")
            if state.objects == 1
            else self.tr("{count} objects").format(count=state.objects)
        )
        prompts = (
            self.tr("1 prompt")
            if state.prompts == 1
            else self.tr("{count} prompts").format(count=state.prompts)
        )
        return f"{objects}, {prompts}"

    @Slot(str)
    def _on_save_chosen(self, name: str) -> None:
        """Save under a project's suffix; the chooser has not asked about a name it did not see."""
        chosen = Path(name)
        self._user.set_folder("save", chosen.parent)
        path = with_suffix(chosen)
        if path == chosen or not path.exists():
            self._files.save(path)
            return
        self._asked.add(path)
        self._messenger.tell(
            self.tr("{name} is there already.").format(name=path.name),
            Answer(self.tr("Replace it"), lambda: self._replace(path)),
            Answer(self.tr("Save as…"), self.ask_save),
        )

    def _replace(self, path: Path) -> None:
        """Save over a file, unless another document came in place since that was asked."""
        if path in self._asked:
            self._files.save(path)

    @Slot()
    def _on_adopted(self) -> None:
        self._asked.clear()

    @Slot(object)
    def _on_collect_wanted(self, options: CollectOptions) -> None:
        self._user.set_folder("collect", options.file.parent.parent)
        self._collects.run(self.model.project, options)

    @Slot(str)
    def _on_mask_chosen(self, name: str) -> None:
        path = Path(name)
        self._user.set_folder("import", path.parent)
        clip, view = self.model.project.clip, self.model.view
        if clip is not None:
            self._masks.read_one(path, clip, view.active, view.frame)

    @Slot(object)
    def _on_alpha_chosen(self, path: Path) -> None:
        self._user.set_folder("import", path.parent)
        clip = self.model.project.clip
        if clip is not None:
            self._masks.read_all(path, clip, self.model.view.active)

    @Slot(str)
    def _on_clip_chosen(self, name: str) -> None:
        path = Path(name)
        self._user.set_folder("open", path.parent)
        self._files.find_clip(path)

    @Slot(object)
    def _on_offered(self, states: tuple[ProjectSummary, ...]) -> None:
        messenger, (state, *more) = self._messenger, states
        if more or state.trouble:
            named = list(dict.fromkeys(name_of(each) for each in states))
            names = ", ".join(named[:_MOST_NAMES]) + (", …" if len(named) > _MOST_NAMES else "")
            text = self.tr("Unsaved work was kept ({count}): {names}.")
            messenger.tell(
                text.format(count=len(states), names=names),
                Answer(self.tr("Show…"), self.show_unsaved),
            )
            return
        text = self.tr("Unsaved work on {name} was kept at {when}: {counted}.")
        if state.since is not None:
            text = self.tr(
                "Unsaved work on {name} was kept at {when}: {counted}, unsaved since {since}."
            )
        text = text.format(
            name=name_of(state),
            when=when(state.saved),
            counted=self._count_text(state),
            since=when(state.since or 0),
        )
        messenger.tell(
            text,
            Answer(self.tr("Restore"), lambda: self._files.restore(state)),
            Answer(self.tr("Show…"), self.show_unsaved),
            Answer(self.tr("Throw away"), lambda: self._recovery.discard(state.path)),
        )
