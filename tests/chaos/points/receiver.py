"""A webhook receiver as a process of its own, which puts down every request as a line of JSON in the file it is given.

Run as `python receiver.py FILE`; the first line that it prints is its port.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        # Opened for each request, since the file is exchanged between the points.
        with Path(sys.argv[1]).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"id": self.headers["webhook-id"], "body": body}) + "\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name that it has there
        """Nothing is printed for a request."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
