"""Conditions of commands: a test, the reason where it fails, and the topics it listens to."""

from __future__ import annotations

from collections.abc import Callable
from enum import Flag, auto
from typing import Generic, Protocol, TypeVar

from app.model.model import Model
from app.shell.words import QT_TRANSLATE_NOOP, translate

OwnerT = TypeVar("OwnerT", contravariant=True)


class Topic(Flag):
    """Topics that change while Wisp is used, and that conditions depend on."""

    NOTHING = 0
    DOCUMENT = auto()
    UNDO = auto()
    FILES = auto()
    """The document's file and clip: saved, opened, found."""
    ACTIVE = auto()
    PLAYHEAD = auto()
    PLAYBACK = auto()
    SELECTION = auto()
    """Frames that are selected in the timeline."""
    VIEW = auto()
    TOOL = auto()
    OBJECTS = auto()
    """Solo, the selected shape, keying by editing."""
    RESULTS = auto()
    VERSIONS = auto()
    TASKS = auto()
    SETTINGS = auto()

    @classmethod
    def all(cls) -> Topic:
        """Every topic at once."""
        return ~cls.NOTHING


class HasModel(Protocol):
    """Owner of commands that has the model."""

    @property
    def model(self) -> Model:
        """What the commands act on."""
        ...


class Condition(Generic[OwnerT]):
    """Condition of a command: whether it can be given, or is on.

    Attributes:
        topics: what the test depends on; nothing else makes it be asked again.
        advice: what to do first where the test fails, from the context "Commands".

    Args:
        test: of the command's owner.
        topics: see the attribute.
        advice: see the attribute.
    """

    def __init__(
        self, test: Callable[[OwnerT], bool], topics: Topic = Topic.NOTHING, advice: str = ""
    ) -> None:
        self._test = test
        self.topics = topics
        self.advice = advice

    def __call__(self, owner: OwnerT) -> bool:
        """Whether it holds."""
        return self._test(owner)

    @property
    def parts(self) -> tuple[Condition[OwnerT], ...]:
        """The conditions of which each must hold: itself."""
        return (self,)

    def reason(self, owner: OwnerT) -> str:
        """What to do first, translate: the advice of the first part that fails."""
        failing = next((each for each in self.parts if not each(owner)), None)
        return translate(failing.advice) if failing is not None and failing.advice else ""


class AllOf(Condition[OwnerT]):
    """Condition of several, of which every one must hold."""

    def __init__(self, *conditions: Condition[OwnerT]) -> None:
        self._parts = tuple(part for each in conditions for part in each.parts)
        topics = Topic.NOTHING
        for part in self._parts:
            topics |= part.topics
        super().__init__(lambda owner: all(part(owner) for part in self._parts), topics)

    @property
    def parts(self) -> tuple[Condition[OwnerT], ...]:
        """The conditions of which each must hold."""
        return self._parts


def condition(
    topics: Topic, advice: str = ""
) -> Callable[[Callable[[OwnerT], bool]], Condition[OwnerT]]:
    """Decorator that makes a condition of a test; see `Condition`."""

    def decorate(test: Callable[[OwnerT], bool]) -> Condition[OwnerT]:
        return Condition(test, topics, advice)

    return decorate


ALWAYS: Condition[object] = Condition(lambda _owner: True)


@condition(
    Topic.DOCUMENT, QT_TRANSLATE_NOOP("Commands", "Open a clip first (File, Open clip or project).")
)
def has_clip(owner: HasModel) -> bool:
    """Whether there is a clip."""
    return owner.model.project.clip is not None


@condition(
    Topic.DOCUMENT | Topic.FILES,
    QT_TRANSLATE_NOOP(
        "Commands", "The clip is missing; find it first (File, Find the missing clip)."
    ),
)
def clip_is_there(owner: HasModel) -> bool:
    """Whether the document's clip can be shown, if it has one."""
    return not owner.model.document.clip_missing


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "Add an object first: click it in the clip."),
)
def has_active(owner: HasModel) -> bool:
    """Whether an object is active."""
    return owner.model.active is not None


@condition(
    Topic.DOCUMENT | Topic.ACTIVE,
    QT_TRANSLATE_NOOP("Commands", "Add an object first; if it is locked, unlock it (Object menu)."),
)
def has_unlocked(owner: HasModel) -> bool:
    """Whether an object is active and may be changed."""
    return owner.model.active is not None and not owner.model.active.locked


@condition(Topic.DOCUMENT, QT_TRANSLATE_NOOP("Commands", "Prompt an object first: click it."))
def any_prompts(owner: HasModel) -> bool:
    """Whether any object has prompts."""
    return any(obj.prompts for obj in owner.model.project)


@condition(
    Topic.DOCUMENT | Topic.VERSIONS,
    QT_TRANSLATE_NOOP("Commands", "There is no earlier version yet; each track keeps one."),
)
def any_versions(owner: HasModel) -> bool:
    """Whether there is an earlier version to look at."""
    return owner.model.versions.earlier(owner.model.project) is not None


clip_ready = AllOf(has_clip, clip_is_there)
"""Whether there are frames to look at."""
