"""Ports: free, and of no other cluster."""

import socket

import pytest

from podzol.faults import Failure, UserError
from podzol.local import ports


@pytest.fixture
def busy_port():
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_listened_port_is_not_free(busy_port: int) -> None:
    assert not ports.is_free(busy_port)


def test_chosen_ports_are_different_free_and_not_taken() -> None:
    taken = range(ports.FIRST, ports.LAST - 20)
    chosen = ports.choose(7, taken)
    assert len(set(chosen)) == 7
    assert not set(chosen) & set(taken)
    assert all(map(ports.is_free, chosen))


def test_too_few_ports_are_an_error_not_a_short_list() -> None:
    with pytest.raises(Failure) as error:
        ports.choose(7, range(ports.FIRST, ports.LAST - 3))
    assert str(error.value) == "no 7 free TCP ports between 20000 and 30000 on 127.0.0.1"


def test_a_busy_port_of_the_users_choice_is_refused(busy_port: int) -> None:
    with pytest.raises(UserError) as error:
        ports.check_free(busy_port)
    assert str(error.value) == (f"--port: must be free on 127.0.0.1, got {busy_port}; take another, or leave it out")
