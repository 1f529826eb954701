"""A small interpreter of classic BPF, to run a filter for an architecture that this machine is not."""

from collections.abc import Sequence

from sottovoce_device.sense.seal_seccomp import AND, AT_LEAST, EQUAL, LOAD, RETURN, Insn
from sottovoce_device.sense.seal_syscalls import NUMBERS, Arch


def run(program: Sequence[Insn], number: int, audit: int, arguments: Sequence[int] = ()) -> int:
    """What the filter answers to this system call (struct seccomp_data: number, arch, address, six arguments)."""
    values = [*arguments, *[0] * (6 - len(arguments))]
    data = number.to_bytes(4, "little") + audit.to_bytes(4, "little") + bytes(8)
    data += b"".join((v & 2**64 - 1).to_bytes(8, "little") for v in values)
    place, register = 0, 0
    while True:
        insn = program[place]
        place += 1
        match insn.code:
            case _ if insn.code == LOAD:
                register = int.from_bytes(data[insn.k : insn.k + 4], "little")
            case _ if insn.code == AND:
                register &= insn.k
            case _ if insn.code == EQUAL:
                place += insn.jt if register == insn.k else insn.jf
            case _ if insn.code == AT_LEAST:
                place += insn.jt if register >= insn.k else insn.jf
            case _ if insn.code == RETURN:
                return insn.k
            case _:
                raise ValueError(insn)


def call(program: Sequence[Insn], arch: Arch, name: str, *arguments: int) -> int:
    """The same for a call that the filter knows by name."""
    number = NUMBERS[name][arch.column]
    assert number is not None, f"{name} does not exist there"
    return run(program, number, arch.audit, arguments)
