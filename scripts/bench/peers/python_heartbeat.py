"""A heartbeat server as one writes it in Python: a thread for each connection, a table with a lock,
and a timer's thread that looks through the table. Prints its port."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

GRACE_MS = 1000
FORGET_AFTER = 6

beats = {}
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        url = urlsplit(self.path)
        promise, _, rest = url.query.partition("&")
        name = dict(parse_qsl(rest)).get("appid", "")
        tolerated = int(promise) + GRACE_MS
        with lock:
            beats[name, self.client_address[0]] = time.monotonic(), tolerated
        body = str(tolerated).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def forget():
    while True:
        time.sleep(1)
        now = time.monotonic()
        with lock:
            for key, (at, tolerated) in list(beats.items()):
                if now - at > FORGET_AFTER * tolerated / 1000:
                    del beats[key]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=forget, daemon=True).start()
print(json.dumps({"http": server.server_address[1]}), flush=True)
server.serve_forever()
