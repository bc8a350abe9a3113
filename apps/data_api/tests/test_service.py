"""The service as a process: it starts, drains and ends as a pod should."""

import http.client
import signal
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from data_api.__main__ import main
from soil_dataset.simulate import simulate


def test_serves_and_ends_with_zero(serve):
    service = serve("--drain-seconds", 0)
    assert service.get("/healthz") == (200, '{"status":"alive"}')
    assert service.get("/readyz") == (200, '{"status":"ready"}')
    code, said, error = service.stop()
    assert (code, error) == (0, "")
    assert [line["event"] for line in said] == ["serving", "draining", "stopped"]


@pytest.fixture
def draining(serve):
    """A service that was told to stop and isn't ready any more, and a function that ends it without a further wait."""
    service = serve("--drain-seconds", 60, "--concurrent-searches", 100)

    def begin():
        service.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        while service.get("/readyz")[0] != 503:
            assert time.monotonic() < deadline, "still ready"

    return service, begin


def test_while_it_drains_it_serves_but_isnt_ready(draining):
    service, begin = draining
    kept = http.client.HTTPConnection(service.address.removeprefix("http://"))
    kept.request("GET", "/healthz")
    assert kept.getresponse().read() == b'{"status":"alive"}'
    begin()
    assert service.get("/v1/samples/S-000001")[0] == 200
    kept.request("GET", "/healthz")
    answer = kept.getresponse()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    answer.read()
    assert service.stop()[0] == 0, "a second signal ends it at once"


def test_no_request_fails_as_it_drains_under_load(draining):
    """Four clients keep their connections, and turn elsewhere some time after it isn't ready, as a cluster does."""
    service, begin = draining
    turned_elsewhere, answers, faults = threading.Event(), [], []

    def load():
        connection = http.client.HTTPConnection(service.address.removeprefix("http://"), timeout=10)
        while not turned_elsewhere.is_set():
            try:
                connection.request("GET", "/v1/samples/S-000001/nearest")
                answer = connection.getresponse()
                answer.read()
                answers.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                faults.append(error)

    clients = [threading.Thread(target=load) for _ in range(4)]
    for client in clients:
        client.start()
    begin()
    served, deadline = len(answers), time.monotonic() + 30
    while len(answers) < served + 50 and not faults:
        assert time.monotonic() < deadline, "it serves no more"
    turned_elsewhere.set()
    for client in clients:
        client.join()
    assert (faults, set(answers), service.stop()[0]) == ([], {200}, 0)


def test_a_request_under_way_is_answered_before_it_ends(serve):
    service = serve("--drain-seconds", 0, "--finish-seconds", 10)
    slow = http.client.HTTPConnection(service.address.removeprefix("http://"), timeout=10)
    slow.putrequest("POST", "/v1/spectra/nearest")
    slow.putheader("Content-Type", "application/json")
    slow.putheader("Content-Length", "2")
    slow.endheaders(b"{")
    deadline = time.monotonic() + 5
    while "http_requests_in_flight 2.0" not in service.get("/metrics")[1]:
        assert time.monotonic() < deadline, "the slow request never arrived"
    ending = threading.Thread(target=service.stop)
    ending.start()
    time.sleep(0.3)
    slow.send(b"}")
    assert slow.getresponse().status == 422
    ending.join()
    assert service.process.returncode == 0


def test_a_port_in_use_is_said_and_may_be_tried_again(service, serve):
    port = int(service.address.rsplit(":", 1)[1])
    second = serve(port=port).process
    line = f"data-api: port {port} on 127.0.0.1 is in use; stop the program that has it, or name another --port\n"
    assert (second.communicate(timeout=30)[1], second.returncode) == (line, 1)


@pytest.fixture
def refuse(monkeypatch, capsys):
    """Start the program on data that it refuses; gives its exit code and its last words."""

    def start(data):
        monkeypatch.setattr("sys.argv", ["data-api", "--data", str(data)])
        monkeypatch.setattr("signal.signal", lambda *_: None)  # those of the tests stay
        with pytest.raises(SystemExit) as leaving:
            main()
        return leaving.value.code, capsys.readouterr().err

    return start


def test_a_missing_dataset_is_final(refuse, tmp_path):
    line = f"data-api: {tmp_path}/none: there is no such folder; mount the dataset there, or name another with --data\n"
    assert refuse(tmp_path / "none") == (42, line)


@pytest.mark.parametrize("name", ["samples.parquet", "spectra.parquet", "dataset.json"])
def test_a_broken_dataset_is_final(refuse, tmp_path, name):
    simulate(5, seed=1).write(tmp_path)
    (tmp_path / name).write_bytes(b"PAR1 not really")
    code, error = refuse(tmp_path)
    assert code == 42
    assert error.startswith(f"data-api: {tmp_path}")
    assert "can't be read" in error
    assert error.count("\n") == 1


def test_an_empty_dataset_is_final(refuse, tmp_path):
    simulate(0, seed=1).write(tmp_path)
    line = f"data-api: {tmp_path}: the dataset is empty; fill it before anything reads it\n"
    assert refuse(tmp_path) == (42, line)


HOLE = "the spectrum of S-000003 holds a value that isn't a finite number"
ALONE = "samples.parquet and spectra.parquet must have the same samples, S-000004 is in one; write both anew"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda spectra: spectra[3].__setitem__(7, float("nan")), HOLE),
        (lambda spectra: spectra[3].__setitem__(7, None), HOLE),
        (lambda spectra: spectra.__setitem__(3, None), HOLE),
        (lambda spectra: spectra.pop(), ALONE),
    ],
    ids=["not a number", "a value missing", "a spectrum null", "a spectrum missing"],
)
def test_a_dataset_with_a_hole_is_final(refuse, tmp_path, harm, said):
    simulate(5, seed=1).write(tmp_path)
    spectra = pq.read_table(tmp_path / "spectra.parquet")["reflectance"].to_pylist()
    harm(spectra)
    ids = [f"S-{number:06d}" for number in range(len(spectra))]
    values = pa.array(spectra, pa.list_(pa.float32()))
    pq.write_table(pa.table({"sample_id": ids, "reflectance": values}), tmp_path / "spectra.parquet")
    assert refuse(tmp_path) == (42, f"data-api: {tmp_path}: {said}\n")


def test_samples_without_a_column_are_final(refuse, tmp_path):
    simulate(5, seed=1).write(tmp_path)
    samples = pq.read_table(tmp_path / "samples.parquet")
    pq.write_table(samples.drop_columns("horizon"), tmp_path / "samples.parquet")
    code, error = refuse(tmp_path)
    assert code == 42
    assert error.startswith(
        f'data-api: {tmp_path}: can\'t be read as a dataset: Binder Error: Referenced column "horizon"'
    )
