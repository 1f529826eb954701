"""Configuration of both sides: TOML into frozen Structs, with errors that name the file, the table and the key."""

import json
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sottovoce_wire.document import field_texts
from sottovoce_wire.errors import SottovoceError

T = TypeVar("T", bound=msgspec.Struct)


class SettingsError(SottovoceError):
    """The configuration cannot be used; the text says where and what to do."""


def load_settings(kind: type[T], path: Path | None, overrides: dict[str, dict[str, Any]] | None = None) -> T:
    """The settings in this file, over the defaults; `overrides` (table, key, value) go over both.

    A text of the file that begins with "~/" is a path beneath the user's home.
    Raises SettingsError for a file that is not there or is not TOML, for unknown keys and for wrong values.
    """
    where = str(path) if path else "the settings"
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path else {}
    except UnicodeDecodeError:
        raise SettingsError(f"{where}: not a text in UTF-8; save it as one, or check the path") from None
    except OSError as error:
        raise SettingsError(f"{where}: cannot be read ({error}); check the path") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: not TOML: {error}") from None
    _refuse_unknown(kind, found, where)
    found = {table: {key: _at_home(value) for key, value in values.items()} for table, values in found.items()}
    _refuse_nul(found, where)
    over = overrides or {}
    for table, values in over.items():
        found.setdefault(table, {}).update(values)
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$.")
        table, _, key = place.rstrip("`").rpartition(".")
        if "matching regex" in problem:
            kinds = {field.name: field.type for field in msgspec.structs.fields(kind)}
            problem = f"not as it has to be ({field_texts(kinds[table])[key]})"
        by = "the command line" if key in over.get(table, ()) else where
        raise SettingsError(f"{by}: [{table}] {key}: {problem}; see --print-config") from None


def _at_home(value: object) -> object:
    return str(Path(value).expanduser()) if isinstance(value, str) and value.startswith("~/") else value


def _refuse_unknown(kind: type[msgspec.Struct], found: dict[str, Any], where: str) -> None:
    tables = {f.name: f.type for f in msgspec.structs.fields(kind)}
    for table, values in found.items():
        if table not in tables:
            raise SettingsError(f"{where}: there is no table [{table}]; there are: {', '.join(tables)}")
        if not isinstance(values, dict):
            raise SettingsError(f"{where}: {table} must be a table: write [{table}]")
        known = tables[table].__struct_fields__
        for key in values:
            if key not in known:
                raise SettingsError(f"{where}: [{table}] has no key {key!r}; it has: {', '.join(known)}")


def _refuse_nul(found: dict[str, Any], where: str) -> None:
    """No path, name or address may hold one: where it is used it would be an error of Python's own."""
    for table, values in found.items():
        for key, value in values.items():
            if isinstance(value, str) and "\0" in value:
                raise SettingsError(f"{where}: [{table}] {key}: a character NUL is in it; see --print-config")


def print_settings(settings: msgspec.Struct) -> str:
    """The settings as TOML, every key explained: what `--print-config` prints can be fed back in."""
    lines: list[str] = []
    for table in msgspec.structs.fields(type(settings)):
        values = getattr(settings, table.name)
        texts = field_texts(table.type)
        lines += [f"# {(table.type.__doc__ or '').splitlines()[0]}", f"[{table.name}]"]
        for key in table.type.__struct_fields__:
            lines += [f"# {texts[key]}", f"{key} = {_toml(getattr(values, key))}"]
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    """A TOML value: strings, numbers, booleans and lists are spelt as in JSON."""
    return json.dumps(value, ensure_ascii=False)
