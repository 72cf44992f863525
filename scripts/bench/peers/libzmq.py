"""Servers made of libzmq for the bench; no message passes through Python. Prints its ports."""

import json
import sys

import zmq


def bound(context, kind, *transports):
    """A socket that listens by each transport, without a limit to what waits, and its ports."""
    socket = context.socket(kind)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.setsockopt(zmq.RCVHWM, 0)
    ports = {}
    for transport in transports:
        path = "/all" if transport == "ws" else ""
        socket.bind(f"{transport}://127.0.0.1:*{path}")
        endpoint = socket.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0")
        ports[transport] = int(endpoint.split("/")[2].rsplit(":", 1)[1])
    return socket, ports


def main(act):
    context = zmq.Context()
    if act == "forward":
        publishers, publisher_ports = bound(context, zmq.XSUB, "tcp")
        subscribers, ports = bound(context, zmq.XPUB, "tcp", "ws")
        print(json.dumps({"publisher": publisher_ports["tcp"], **ports}), flush=True)
        zmq.proxy(publishers, subscribers)
    else:
        # A proxy between a socket and itself sends everything back to where it came from.
        router, ports = bound(context, zmq.ROUTER, "tcp", "ws")
        print(json.dumps(ports), flush=True)
        zmq.proxy(router, router)


if __name__ == "__main__":
    main(sys.argv[1])
