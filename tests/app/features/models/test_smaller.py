"""What takes less memory than a project's models."""

from dataclasses import replace

from app.features.models.smaller_models import SmallerChoice, smaller_choices
from matting_core.document import edits
from matting_core.document.project import DEFAULT_TRACKER, Project, Settings
from matting_core.document.prompts import TextPrompt
from matting_core.models.files.overview import list_models
from matting_core.models.licences import accept
from matting_core.types import Quality
from tests.core.licensed import install
from tests.tables import table


def _offered(tracker: str, head: str, project: Project | None = None) -> list[SmallerChoice]:
    settings = Settings(tracker, head, Quality.FAST)
    return list(smaller_choices(edits.set_settings(project or Project(), settings), list_models()))


def _tracker(
    tracker: str, head: str = "mask", project: Project | None = None
) -> SmallerChoice | None:
    return next((each for each in _offered(tracker, head, project) if each.tracker), None)


@table(
    ("head", "smaller"),
    [
        ("wisp", "closed-form"),
        ("closed-form-roi", "closed-form"),
        ("sam2matting-tiny", "closed-form"),
        ("closed-form", "mask"),
        ("mask", None),
    ],
)
def test_the_next_smaller_head(head, smaller):
    expected = [] if smaller is None else [SmallerChoice(head=smaller)]
    assert _offered(DEFAULT_TRACKER, head) == expected


def test_full_quality_comes_first():
    project = Project(settings=Settings(quality=Quality.FULL))
    assert next(smaller_choices(project, list_models())) == SmallerChoice(quality=Quality.FAST)


def test_the_next_smaller_tracker_is_one_that_is_installed():
    assert _tracker("sam2.1-large") == SmallerChoice(DEFAULT_TRACKER)
    install("sam2.1-tiny")
    assert _tracker("sam2.1-large") == SmallerChoice("sam2.1-tiny")
    install("sam2.1-small")
    assert _tracker("sam2.1-large") == SmallerChoice("sam2.1-small")
    assert _tracker("sam2.1-small") == SmallerChoice("sam2.1-tiny")
    assert _tracker("sam2.1-tiny") == SmallerChoice(DEFAULT_TRACKER)
    assert _tracker(DEFAULT_TRACKER) is None


def test_the_same_network_is_no_smaller_one():
    install("sam2matting-tiny-tracker")
    accept(["sam2matting-tiny-tracker"])
    assert _tracker("sam2.1-tiny") == SmallerChoice(DEFAULT_TRACKER)


def test_a_tracker_that_does_not_understand_the_prompts_is_not_offered():
    (named,) = edits.add_object(Project()).objects
    project = Project(objects=(replace(named, prompts=(TextPrompt(0, "fox"),)),))
    assert _tracker("sam3", project=project) is None


def test_a_head_that_belongs_to_its_tracker_goes_with_it():
    tied = "sam2.1-base-plus", "sam2matting-base-plus"
    assert _tracker(*tied) == SmallerChoice(DEFAULT_TRACKER, "wisp")
    install("sam2.1-small")
    assert _tracker(*tied) == SmallerChoice("sam2.1-small", "wisp")


def test_the_smaller_tracker_brings_its_own_head_once_its_licence_is_accepted():
    tied = "sam2.1-base-plus", "sam2matting-base-plus"
    for each in ("sam2.1-tiny", "sam2matting-tiny-heads"):
        install(each)
    assert _tracker(*tied) == SmallerChoice("sam2.1-tiny", "wisp")
    accept(["sam2matting-tiny-heads"])
    assert _tracker(*tied) == SmallerChoice("sam2.1-tiny", "sam2matting-tiny")


def test_what_is_not_named_stays():
    settings = Settings("sam2.1-tiny", "wisp", Quality.FULL)
    assert SmallerChoice(head="mask").of(settings) == Settings("sam2.1-tiny", "mask", Quality.FULL)
