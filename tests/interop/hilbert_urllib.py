"""What the Hilbert Python client does, written anew from its description: urllib, names unescaped."""

import sys
import time
import urllib.request

url, app_id = sys.argv[1], sys.argv[2]


def read(path, data=None):
    body = None if data is None else data.encode()
    with urllib.request.urlopen(url + path, body, 5) as reply:
        return reply.read().decode()


def command(word, delay, data=None):
    return read("/%s?%s&appid=%s&cache_buster=%s" % (word, delay, app_id, time.time()), data)


form = "appid=" + app_id
print(command("hb_init", 500, form))
print(command("hb_ping", 1000))
print(read("/list?cache_buster=%s" % time.time()), end="")
print(read("/status?0&appid=%s&cache_buster=%s" % (app_id, time.time())))
print(command("hb_done", 0, form))
try:
    read("/hb_pong")
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
