"""What is said of a timer, an alarm or a reminder: what it is, how long it takes yet, and that it is due."""

from datetime import datetime

from sottovoce_host.memory.timers import Timer
from sottovoce_host.mind import phrasing

LATE_S = 60.0
"""Seconds after which one that rings says that it is late: the host was down, or asleep."""


def when(timer: Timer, now: datetime) -> str:
    """Say when it rings: "half past six tomorrow morning", "seven in the morning every weekday"."""
    due = timer.due.astimezone(now.tzinfo)
    if timer.cadence is None:
        return phrasing.when(due, now)
    return f"{phrasing.clock(due, half=True)} {phrasing.weekly(timer.cadence.days)}"


def described(timer: Timer, now: datetime) -> str:
    """Say which one it is: "pasta timer", "timer for nine minutes", "alarm for half past six this evening"."""
    if timer.kind == "timer":
        return f"{timer.label} timer" if timer.label else f"timer for {phrasing.duration(timer.length_s)}"
    if timer.kind == "alarm":
        return f"{timer.label} alarm".strip() + f" for {when(timer, now)}"
    return f"reminder, {phrasing.aloud(timer.label)},"


def ring(timer: Timer, now: datetime) -> str:
    """Say that it is due, and by how much it is late if it is (by more than LATE_S)."""
    late_s = now.timestamp() - timer.due_s
    due = timer.due.astimezone(now.tzinfo)
    ago = phrasing.left(late_s)
    if timer.kind == "reminder":
        what = phrasing.aloud(timer.label)
        return f"Reminder, {ago} late: {what}." if late_s > LATE_S else f"Reminder: {what}."
    if timer.kind == "alarm":
        name = f"{timer.label} alarm".strip()
        if late_s > LATE_S:
            day = "" if due.date() == now.date() else f" on {phrasing.day(due.date())}"
            return f"I missed your {name}: it was set for {phrasing.clock(due, half=True)}{day}, {ago} ago."
        return phrasing.sentence(f"It's {phrasing.clock(due)}: your {name}")
    name = described(timer, now)
    return f"Your {name} was done {ago} ago." if late_s > LATE_S else f"Your {name} is done."


def told(timer: Timer, now: datetime) -> str:
    """Say how long it takes yet, or when it rings: "two minutes left on the pasta timer", "alarm at noon"."""
    due = timer.due.astimezone(now.tzinfo)
    left_s = timer.due_s - now.timestamp()
    since = "" if left_s > 0 else f"was due {phrasing.left(-left_s)} ago" if round(left_s) else "is due now"
    if timer.kind == "timer":
        name = f"the {timer.label} timer" if timer.label else f"the timer for {phrasing.duration(timer.length_s)}"
        return f"{name} {since}" if since else f"{phrasing.left(left_s)} left on {name}"
    if timer.kind == "alarm":
        name = f"{timer.label} alarm".strip()
        return f"the {name} for {phrasing.clock(due)} {since}" if since else f"{name} at {when(timer, now)}"
    what = phrasing.aloud(timer.label)
    return f"the reminder, {what}, {since}" if since else f"reminder at {when(timer, now)}, {what}"
