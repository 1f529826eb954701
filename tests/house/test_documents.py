import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def tracked() -> list[Path]:
    """The files of the repository; those of a release that has no git are all that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 -- git of the developer's own path
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_every_dependency_is_pinned_and_explained_and_none_is_explained_that_is_not_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    lines = [line for group in groups for line in group]
    assert all("==" in line for line in lines)
    explained = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(line.split("==")[0] for line in lines)


def test_the_readme_names_every_target_of_make_and_none_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) == targets


def test_every_test_that_the_documents_name_is_there() -> None:
    named = {
        m for p in ROOT.glob("**/*.md") if ".venv" not in p.parts for m in re.findall(r"tests/[\w/.:-]+", p.read_text())
    }
    assert named
    for name in named:
        path, _, test = name.rstrip(".").partition("::")
        assert (ROOT / path).exists(), name
        if test:
            assert f"def {test}(" in (ROOT / path).read_text(), name


def test_every_sentence_of_the_readme_s_privacy_paragraph_links_to_a_test_that_is_there() -> None:
    section = README.split("## Privacy")[1].split("\n## ")[0]
    _, introduction, paragraph, pointers = section.strip().split("\n\n")
    assert "privacy.md" not in introduction + paragraph
    assert "docs/privacy.md" in pointers
    links = re.findall(r"\[[A-Z][^\]]+\.\]\((tests/[\w/]+\.py)#(test_\w+)\)", paragraph)
    assert len(links) == paragraph.count(".](") == len(paragraph.splitlines()), "a sentence without its test"
    for path, test in links:
        assert f"def {test}(" in (ROOT / path).read_text(), test


def test_every_promise_has_a_mechanism_and_a_test() -> None:
    table = (ROOT / "docs/privacy.md").read_text().split("## The promises")[1].split("\n## ")[0].strip()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert len(rows) > 10
    for promise, mechanism, tests, _ in rows:
        assert all((promise, mechanism)), promise
        assert re.fullmatch(r"`tests/[\w/]+\.py::test_\w+`(, `tests/[\w/]+\.py::test_\w+`)*", tests), promise


def test_every_link_between_documents_leads_somewhere() -> None:
    named = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "systemd/README.md")
    for page in [*(ROOT / name for name in named), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_lists_every_file_of_tests_that_may_be_skipped() -> None:
    skipping = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"pytest\.(mark\.)?skip", path.read_text()) and path != Path(__file__)
    }
    assert skipping == set(re.findall(r"^\| `(tests/[\w/.]+)` \|", README, re.MULTILINE))


def test_ci_runs_the_readme_s_test_command_and_the_check() -> None:
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("make")]
    assert commands == ["make test", "make check"]
    assert "make test" in README


def test_no_file_names_a_registry_and_none_holds_media_or_weights() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian\.org|archive\.ubuntu")
    for path in tracked():
        assert path.suffix not in {
            ".wav",
            ".flac",
            ".mp3",
            ".ogg",
            ".jpg",
            ".png",
            ".onnx",
            ".ort",
            ".tflite",
            ".pt",
        }, path
        if path != Path(__file__):
            assert not hosts.search(path.read_text(errors="ignore")), path


def test_every_source_file_says_what_it_is() -> None:
    for path in tracked():
        if path.suffix == ".py" and "tests" not in path.parts:
            assert path.read_text().startswith('"""'), path
