"""The learnt weights of the words' form: words.toml, beside this file."""

import tomllib
from pathlib import Path

from sottovoce_device.errors import ModelError


def read_words() -> dict[str, float]:
    """Logits by feature, and `bias`. Raises ModelError where the file is not what was shipped."""
    path = Path(__file__).with_name("words.toml")
    try:
        tables = tomllib.loads(path.read_text())
        bias = float(tables.pop("bias"))
        return {"bias": bias} | {name: float(weight) for table in tables.values() for name, weight in table.items()}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"{path}: not the weights that were shipped ({error}); install sottovoce anew") from None
