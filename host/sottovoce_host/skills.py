"""The user's own skills: each a file of Python in one folder, with a class Skill in it."""

import importlib.util
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from sottovoce_host.config import Config
from sottovoce_host.errors import SkillError
from sottovoce_host.mind.specialist import Specialist


def skills_folder(config: Config) -> Path:
    """Where the user's skills are."""
    if config.mind.skills:
        return Path(config.mind.skills)
    return Path(os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")) / "sottovoce" / "skills"


def load_skills(config: Config) -> list[Specialist]:
    """The skills of the folder by the files' names; none where nobody named a folder and there is none.

    Raises SkillError naming the file, its line and the cure.
    """
    folder = skills_folder(config)
    if not folder.is_dir():
        if config.mind.skills:
            raise SkillError(f"{folder}: there is no such folder; set [mind] skills")
        return []
    found = list(_skills(folder))
    for number, (path, skill) in enumerate(found):
        if twin := [other for other, one in found[:number] if one.name == skill.name]:
            raise SkillError(f'{path}: its name "{skill.name}" is that of {twin[0].name}, too; give it another')
    return [skill for _, skill in found]


def _skills(folder: Path) -> Iterator[tuple[Path, Specialist]]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".py")
    except OSError as error:
        raise SkillError(f"{folder}: cannot be read ({error.strerror}); set [mind] skills") from None
    for path in paths:
        yield path, _skill(path)


def _skill(path: Path) -> Specialist:
    """The skill of this file."""
    name = f"sottovoce_skill_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SkillError(f"{path}: is no file of Python")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        skill: Specialist = module.Skill()
        skill_name = skill.name
    except Exception as error:  # noqa: BLE001 -- whatever a file of the user's raises
        raise SkillError(f"{path}{_line_in(path, error)}: {_why(error)}; mend it, or move it elsewhere") from None
    if not (isinstance(skill_name, str) and skill_name) or not callable(getattr(skill, "answer", None)):
        raise SkillError(f"{path}: class Skill needs a name, a text, and a method answer(request)")
    return skill


def _why(error: Exception) -> str:
    if isinstance(error, AttributeError) and error.name in ("Skill", "name"):
        return "class Skill is not there, or has no name"
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def _line_in(path: Path, error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""
