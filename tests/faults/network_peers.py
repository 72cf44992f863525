"""Peers at the other end of a bad network; the first argument says which."""

import ctypes, fcntl, heapq, os, random, select, socket, struct, sys, threading, time, urllib.request

IFF_TUN_NO_PI, TUNSETIFF = 0x1001, 0x400454CA


def tunnel(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    return fd


def forward(pid, loss, delay):
    """Passes packets between `near` here and `far` in the network of a process: late, and not all."""
    near = tunnel("near")
    ctypes.CDLL(None).setns(os.open(f"/proc/{pid}/ns/net", os.O_RDONLY), 0)
    ends = {near: None, (far := tunnel("far")): near}
    ends[near] = far
    print("ready", flush=True)
    random.seed(1)
    waiting = []
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, to, packet = heapq.heappop(waiting)
            try:
                os.write(to, packet)
            except OSError:
                pass  # Its end is down.
        wait = max(0, waiting[0][0] - now) if waiting else None
        for fd in select.select(list(ends), [], [], wait)[0]:
            packet = os.read(fd, 65536)
            if random.random() >= float(loss):
                at = time.monotonic() + float(delay) * random.uniform(0.5, 1.5)
                heapq.heappush(waiting, (at, random.random(), ends[fd], packet))


def beat(url, seconds):
    """An application that gives up no heartbeat before the next one."""
    def ask():
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            pass

    for _ in range(int(float(seconds) / 0.25)):
        threading.Thread(target=ask, daemon=True).start()
        time.sleep(0.25)


def phone(host, port, seconds):
    """Registers again and again; says how many pings came."""
    udp, pings = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0
    udp.settimeout(0.5)
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        udp.sendto(b"\0\0", (host, int(port)))
        try:
            udp.recv(16)
            pings += 1
        except TimeoutError:
            pass
    print("pings", pings, flush=True)


def hold(*requests):
    """Connects for each HOST:PORT=TEXT, says TEXT and nothing more, and reads for as long as it lives."""
    held = []
    for request in requests:
        place, text = request.split("=", 1)
        host, port = place.split(":")
        held.append(socket.create_connection((host, int(port))))
        held[-1].sendall(text.encode().decode("unicode_escape").encode())
    print("ready", flush=True)
    while True:
        for one in select.select(held, [], [])[0]:
            if not one.recv(65536):
                held.remove(one)


globals()[sys.argv[1]](*sys.argv[2:])
