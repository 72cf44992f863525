"""Reads a HEV server as its old clients do, and prints what came of it as JSON.

    hev_client.py seed PORT SECONDS READ_BYTES   what one read brings is one document
    hev_client.py nul PORT SECONDS               documents end with a NUL
    hev_client.py ask PORT REQUEST               one request with one read of 300 bytes for the reply
"""

import asyncio
import json
import sys
import time

HOST = "127.0.0.1"


async def read_seed(port, seconds, read_bytes):
    reader, writer = await asyncio.open_connection(HOST, port)
    packets = errors = longest = 0
    alarms = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = await asyncio.wait_for(reader.read(read_bytes), 10)
        if not data:
            errors += 1
            break
        longest = max(longest, len(data))
        try:
            payload = json.loads(data.decode("utf-8"))
            values, names = payload["sensors"], payload["alarms"]
            alarms.update(names)
            packets += 1 if len(values) == 17 else 0
        except (ValueError, KeyError, TypeError):
            errors += 1
    writer.close()
    return {"packets": packets, "errors": errors, "longest": longest, "alarms": sorted(alarms)}


async def read_nul(port, seconds):
    reader, writer = await asyncio.open_connection(HOST, port)
    packets = errors = 0
    types = set()
    alarms = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = await asyncio.wait_for(reader.readuntil(separator=b"\0"), 10)
        try:
            payload = json.loads(data[:-1].decode("utf-8"))
            types.add(payload["type"])
            if payload["type"] == "keepalive":
                continue
            payload[payload["type"]]["timestamp"]
            alarms.update(alarm["alarm_code"] for alarm in payload["alarms"])
            packets += 1
        except (ValueError, KeyError, TypeError):
            errors += 1
    writer.close()
    return {
        "packets": packets,
        "errors": errors,
        "types": sorted(types),
        "alarms": sorted(alarms),
    }


async def ask(port, request):
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request.encode())
    await writer.drain()
    if request.endswith("\0"):
        data = (await asyncio.wait_for(reader.readuntil(separator=b"\0"), 10))[:-1]
    else:
        data = await asyncio.wait_for(reader.read(300), 10)
    writer.close()
    return json.loads(data.decode("utf-8"))


def main():
    mode, port = sys.argv[1], int(sys.argv[2])
    if mode == "seed":
        work = read_seed(port, float(sys.argv[3]), int(sys.argv[4]))
    elif mode == "nul":
        work = read_nul(port, float(sys.argv[3]))
    else:
        work = ask(port, sys.argv[3].replace("\\0", "\0"))
    print(json.dumps(asyncio.run(work)))


main()
