"""The user's own skills: each a file of Python in one folder, with a class Skill in it."""

import os
from functools import partial
from pathlib import Path
from typing import Final

from sottovoce_host.config import Config
from sottovoce_host.errors import SkillError
from sottovoce_host.mind.skill_thread import LOAD_S, SkillThread
from sottovoce_host.mind.specialist import Specialist
from sottovoce_wire.own_file import OwnFileError, taken_from, why

CURE: Final = "mend it, or move it elsewhere"


def skills_folder(config: Config) -> Path:
    """Where the user's skills are."""
    if config.mind.skills:
        return Path(config.mind.skills)
    return Path(os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")) / "sottovoce" / "skills"


def load_skills(config: Config, load_s: float = LOAD_S) -> list[SkillThread]:
    """The skills of the folder by the files' names; none where nobody named a folder and there is none.

    load_s: how long each may take. Raises SkillError naming the file, its line and the cure.
    """
    folder = skills_folder(config)
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".py" and path.name[0] != ".")
    except FileNotFoundError:
        if config.mind.skills:
            raise SkillError(f"{folder}: there is no such folder; set [mind] skills") from None
        return []
    except OSError as error:
        raise SkillError(f"{folder}: cannot be read ({error.strerror}); set [mind] skills") from None
    found = [(path, _on_its_thread(path, config.mind.skill_ms / 1000, load_s)) for path in paths]
    for number, (path, thread) in enumerate(found):
        name = thread.skill.name
        if twin := [other for other, one in found[:number] if one.skill.name == name]:
            raise SkillError(f'{path}: its name "{name}" is that of {twin[0].name}, too; give it another')
    return [thread for _, thread in found]


def _on_its_thread(path: Path, patience_s: float, load_s: float) -> SkillThread:
    try:
        return SkillThread(partial(_skill, path), patience_s, load_s)
    except TimeoutError:
        raise SkillError(f"{path}: was not loaded within {load_s:g} s; {CURE}") from None


def _skill(path: Path) -> Specialist:
    """The skill of this file."""
    try:
        skill: Specialist = taken_from(path, "Skill")()
    except OwnFileError as error:
        raise SkillError(f"{error}; {CURE}") from None
    except BaseException as error:  # noqa: BLE001 -- whatever a file of the user's raises, on a thread of its own
        raise SkillError(f"{why(path, error)}; {CURE}") from None
    name = getattr(skill, "name", None)
    if not (isinstance(name, str) and name) or not callable(getattr(skill, "answer", None)):
        raise SkillError(f"{path}: class Skill needs a name, a text, and a method answer(request)")
    return skill
