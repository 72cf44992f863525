"""Sockets of libzmq, driven from outside: one JSON command a line in, one JSON answer a line out."""

import errno
import json
import sys
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

WAIT_MS = 8000
context = zmq.Context()
sockets = {}
monitors = {}


def data(text):
    return text.encode("latin-1")


def socket(id, kind, options):
    made = context.socket(getattr(zmq, kind))
    made.setsockopt(zmq.LINGER, 0)
    made.setsockopt(zmq.RCVTIMEO, WAIT_MS)
    made.setsockopt(zmq.SNDTIMEO, WAIT_MS)
    for name, value in options.items():
        value = data(value) if isinstance(value, str) else value
        made.setsockopt(getattr(zmq, name), value)
    monitors[id] = made.get_monitor_socket(zmq.EVENT_ALL)
    sockets[id] = made


def happened(id, names, waitMs=WAIT_MS):
    """The next of some events of a socket, or none."""
    wanted = [getattr(zmq, "EVENT_" + name) for name in names]
    while monitors[id].poll(waitMs):
        event = recv_monitor_message(monitors[id])["event"]
        if event in wanted:
            return names[wanted.index(event)]
    return None


def send(id, message):
    sockets[id].send_multipart([data(frame) for frame in message])


def send_large(id, message, size):
    sockets[id].send_multipart([data(frame) for frame in message] + [b"x" * size])


def recv(id, waitMs=WAIT_MS):
    sockets[id].setsockopt(zmq.RCVTIMEO, waitMs)
    return [frame.decode("latin-1") for frame in sockets[id].recv_multipart()]


def recv_sizes(id):
    return [len(frame) for frame in sockets[id].recv_multipart()]


def connect(id, url):
    sockets[id].connect(url)


def bind(id, url):
    # libzmq closes a socket's listener in a thread of its own, after the socket.
    until = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            sockets[id].bind(url)
            break
        except zmq.ZMQError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.01)
    return sockets[id].getsockopt_string(zmq.LAST_ENDPOINT)


def unbind(id, url):
    sockets[id].unbind(url)


def option(id, name, value):
    value = data(value) if isinstance(value, str) else value
    sockets[id].setsockopt(getattr(zmq, name), value)


def close(id):
    sockets[id].disable_monitor()
    monitors.pop(id).close(0)
    sockets.pop(id).close(0)


def has(name):
    return bool(zmq.has(name))


ACTS = {
    act.__name__: act
    for act in (
        socket, happened, send, send_large, recv, recv_sizes, connect, bind, unbind, option, close, has,
    )
}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"value": ACTS[command.pop("act")](**command)}
    except zmq.ZMQError as error:
        answer = {"error": zmq.Errno(error.errno).name}
    print(json.dumps(answer), flush=True)
