"""Peers made of libzmq for the tests: one line of JSON arguments in, lines of JSON out."""

import json
import sys
import time

import zmq


def say(**fields):
    print(json.dumps(fields), flush=True)


def text(message):
    return [part.decode("latin-1") for part in message]


def data(parts):
    return [part.encode("latin-1") for part in parts]


def make(context, kind, plan):
    socket = context.socket(getattr(zmq, kind))
    socket.setsockopt(zmq.LINGER, plan.get("linger", 2000))
    for name, value in plan.get("options", {}).items():
        value = value.encode("latin-1") if isinstance(value, str) else value
        socket.setsockopt(getattr(zmq, name), value)
    return socket


def sub(context, plan):
    """Subscribes and prints what comes."""
    socket = make(context, "SUB", plan)
    for topic in plan["topics"]:
        socket.setsockopt(zmq.SUBSCRIBE, topic.encode("latin-1"))
    socket.connect(plan["url"])
    say(ready=True)
    for _ in range(plan["count"]):
        message = socket.recv_multipart()
        if plan.get("sizes"):
            say(sizes=[len(part) for part in message])
        else:
            say(message=text(message))


def pub(context, plan):
    """Publishes each line of standard input: a JSON array of frames, or a size."""
    socket = make(context, "XPUB", plan)
    socket.setsockopt(zmq.SNDTIMEO, 5000)
    socket.connect(plan["url"])
    say(subscription=text([socket.recv()]))
    for line in sys.stdin:
        parts = json.loads(line)
        if isinstance(parts, int):
            socket.send_multipart([b"large", b"x" * parts])
        else:
            socket.send_multipart(data(parts))


def request(context, plan):
    """Asks what each line of standard input says and prints the answer."""
    socket = make(context, plan["kind"], plan)
    socket.connect(plan["url"])
    for line in sys.stdin:
        socket.send_multipart(data(json.loads(line)))
        say(message=text(socket.recv_multipart()))


def crowd(context, plan):
    """Many subscribers in one process; tells how many messages each of them got."""
    sockets = [make(context, "SUB", plan) for _ in range(plan["peers"])]
    for socket in sockets:
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        socket.setsockopt(zmq.RCVTIMEO, 8000)
        socket.connect(plan["url"])
    say(ready=True)
    for socket in sockets:
        for index in range(plan["count"]):
            assert socket.recv_multipart() == [b"topic", str(index).encode()]
    say(complete=len(sockets))


def bound(context, plan):
    """A server made of libzmq: publishes or answers."""
    socket = make(context, plan["kind"], plan)
    socket.bind(plan["url"])
    say(url=socket.getsockopt_string(zmq.LAST_ENDPOINT))
    if plan["kind"] == "XPUB":
        while True:
            mark = socket.recv_multipart()[0]
            if mark[:1] == b"\x01":
                socket.send_multipart([mark[1:] + b"!", b"hello"])
    if plan["kind"] == "SUB":
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        while True:
            say(message=text(socket.recv_multipart()))
    while True:
        message = socket.recv_multipart()
        socket.send_multipart(message)


if __name__ == "__main__":
    started = json.loads(sys.argv[1])
    acts = {"sub": sub, "pub": pub, "request": request, "crowd": crowd, "bound": bound}
    acts[started["act"]](zmq.Context(), started)
    time.sleep(0.05)
