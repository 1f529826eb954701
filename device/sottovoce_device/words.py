"""The learnt weights of the words' form: words.toml, beside this file."""

import tomllib
from pathlib import Path
from typing import Final

from sottovoce_device.errors import ModelError

SHIPPED: Final = Path(__file__).with_name("words.toml")


def read_words(path: Path = SHIPPED) -> dict[str, float]:
    """Logits by feature, and `bias`. Raises ModelError where the file is not what was shipped."""
    try:
        tables = tomllib.loads(path.read_text())
        bias = float(tables.pop("bias"))
        return {"bias": bias} | {name: float(weight) for table in tables.values() for name, weight in table.items()}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"{path}: not the weights that were shipped ({error}); install sottovoce anew") from None
