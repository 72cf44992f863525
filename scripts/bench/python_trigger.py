"""The trigger service as one writes it in Python: everybody who ever spoke is sent two bytes each
second, one after the other; a thread listens meanwhile. Prints its port."""

import socket
import threading
import time

PAYLOAD = bytes([0x75, 0x61])

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("0.0.0.0", 0))
clients = {}
lock = threading.Lock()


def listen():
    while True:
        _, address = sock.recvfrom(64)
        with lock:
            clients[address] = time.monotonic()


threading.Thread(target=listen, daemon=True).start()
print(sock.getsockname()[1], flush=True)
start = time.monotonic()
tick = 0
while True:
    tick += 1
    time.sleep(max(0, start + tick - time.monotonic()))
    with lock:
        addresses = list(clients)
    for address in addresses:
        sock.sendto(PAYLOAD, address)
