from tests.prove.builds import LEAKING
from tests.prove.canary import Result
from tests.prove.lifetime import EXCUSED, Aftermath
from tests.prove.page import OLDER, Page
from tests.prove.pipe import Pipe
from tests.prove.search import Found
from tests.prove.trials import ALL, LAYERS, Outcome

Outcomes = dict[tuple[str, str], Outcome]


def good() -> Outcomes:
    """What the trials give where everything holds."""
    ways = {f"way {n}{older}": "denied (EPERM)" for n in range(60) for older in ("", OLDER)}
    held: Outcomes = {trial: Outcome(trial[1]) for trial in ALL}
    for layer in LAYERS:
        held["seal", layer].gave = dict.fromkeys(ways, "OPEN") if layer == "none" else ways
    held["canary", "the product"].gave = Result([], {"logs": 10}, 5, 1.0)
    for name, build in LEAKING.items():
        held["canary", name].gave = Result([Found(build.shows_in, "int16", "sure")], {}, 5, 1.0)
    held["memory", "the product"].gave = Aftermath({"float32", "pixels"}, [], 10)
    held["memory", "sense keeps"].gave = Aftermath({"float32"}, [Found("[heap]", "float32", "sure", 999)], 10)
    held["pipe", "flood"].gave = Pipe(320.0, 4096, 320, 10**6)
    return held


def failed(held: Outcomes) -> int:
    page = Page(held)
    assert len(list(page.lines())) > 20
    return page.failed


def test_the_page_says_that_all_held_only_when_all_held() -> None:
    assert failed(good()) == 0
    assert "Every promise on this page held." in list(Page(good()).lines())


def test_whatever_does_not_hold_is_counted() -> None:
    trace = Found("logs", "int16", "sure")
    worse: dict[tuple[str, str], object] = {
        ("seal", "both"): {"way 1": "OPEN"} | dict.fromkeys(map(str, range(100)), "denied"),
        ("canary", "the product"): Result([trace], {"logs": 10}, 5, 1.0),
        ("canary", "words"): Result([], {}, 5, 1.0),
        ("memory", "the product"): Aftermath({"float32", "pixels"}, [Found("[heap]", "float32", "sure", 40)], 10),
        ("memory", "sense keeps"): Aftermath({"float32"}, [], 10),
        ("pipe", "flood"): Pipe(400.0, 4096, 320, 10**6),
    }
    for trial, gave in worse.items():
        held = good()
        held[trial].gave = gave
        if trial[0] == "seal":
            for layer in LAYERS:
                held["seal", layer].gave = gave
        assert failed(held) == 1, trial
        assert "1 NOT HELD." in list(Page(held).lines())


def test_a_trial_that_could_not_be_held_is_no_proof() -> None:
    for trial in ALL:
        held = good()
        held[trial] = Outcome(trial[1], failed="OSError: no")
        assert failed(held) == 1, trial
        text = "\n".join(Page(held).lines())
        assert "OSError: no" in text
        assert "1 NOT PROVED: a trial could not be held here, see above; run it again." in text
        assert "NOT HELD" not in text, "nobody shall read a slow machine for a broken promise"
        assert "MISSED" not in text


def test_what_is_broken_beside_a_trial_that_could_not_be_held_is_broken() -> None:
    for unheld, broken, gave in (
        (("canary", "words"), ("canary", "numbers"), Result([], {}, 5, 1.0)),
        (("seal", "none"), ("seal", "both"), {"way 1": "OPEN"}),
    ):
        held = good()
        held[unheld] = Outcome(unheld[1], failed="OSError: no")
        held[broken].gave = gave
        assert "1 NOT HELD." in list(Page(held).lines())


def test_an_excuse_covers_its_place_its_form_and_its_size_only() -> None:
    excuse = EXCUSED[0]
    covered = Found(excuse.where, excuse.forms[0], "sure", excuse.most)
    larger = Found(excuse.where, excuse.forms[0], "sure", excuse.most + 1)
    elsewhere = Found("[heap]", excuse.forms[0], "sure", 40)
    other = Found(excuse.where, "float32", "sure", 40)
    assert Aftermath(set(), [covered, larger, elsewhere, other], 0).left == [larger, elsewhere, other]
