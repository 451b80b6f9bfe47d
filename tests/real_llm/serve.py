"""SmolLM2 behind an OpenAI-compatible address on loopback: `.venv-llm/bin/python -m tests.real_llm.serve`.

It refuses to serve a model that computes wrongly on this machine. Once it listens it prints one JSON line, and it ends
when its standard input closes, so that nothing is left behind however the test run ends.
"""

import argparse
import hmac
import json
import sys
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tests.real_llm.chat import Unanswerable, completion, read_chat
from tests.real_llm.model import SmallModel, WrongLogits

MODEL = "smollm2-135m-instruct"
GUIDED = f"{MODEL}-guided"  # the same weights, held to a menu of replies
LARGEST_BODY = 2**20  # bytes


class SmallModelServer(ThreadingHTTPServer):
    """Many may ask at once; the model answers one after the other."""

    daemon_threads = True

    def __init__(self, model: SmallModel, *, port: int, key: str, longest: int, menu: Sequence[str]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.model, self.key, self.longest = model, key, longest
        self.menus: dict[str, Sequence[str]] = {MODEL: ()} | ({GUIDED: menu} if menu else {})
        self.turn = Lock()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: SmallModelServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(self._models)

    def do_POST(self) -> None:
        self._answer(self._complete)

    def _answer(self, ask: Callable[[], dict[str, Any]]) -> None:
        try:
            self._check_key()
            status, told = 200, ask()
        except Unanswerable as problem:
            status, told = problem.status, problem.as_json()
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _check_key(self) -> None:
        given = self.headers.get("Authorization", "")
        if self.server.key and not hmac.compare_digest(given.encode(), f"Bearer {self.server.key}".encode()):
            self.close_connection = True  # the body of the request is still unread
            raise Unanswerable("The key is wrong.", status=401, code="invalid_api_key")

    def _models(self) -> dict[str, Any]:
        self._check_path("/v1/models")
        card = {"object": "model", "created": 0, "owned_by": "HuggingFaceTB"}
        return {"object": "list", "data": [{"id": name, **card} for name in self.server.menus]}

    def _complete(self) -> dict[str, Any]:
        body = self._body()
        self._check_path("/v1/chat/completions")
        chat = read_chat(body, served=self.server.menus)
        with self.server.turn:
            reply = self.server.model.reply(chat, longest=self.server.longest, menu=self.server.menus[chat.model])
        usage = (reply.tokens_in, reply.tokens_out)
        return completion(reply.text, model=chat.model, finish_reason=reply.finish_reason, usage=usage)

    def _check_path(self, path: str) -> None:
        if self.path != path:
            raise Unanswerable(f"There is nothing at {self.path}.", status=404)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            raise Unanswerable(f"The request needs a Content-Length of at most {LARGEST_BODY}.", status=413)
        return self.rfile.read(int(length))

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: what went wrong stands in the answers."""


def main() -> None:
    options = _options()
    model = SmallModel.packaged(context=options.context)
    try:
        pace = model.check()
    except WrongLogits as problem:
        sys.exit(str(problem))
    with SmallModelServer(
        model, port=options.port, key=options.key, longest=options.longest_reply, menu=options.menu
    ) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        told = {"base_url": server.base_url, "model": MODEL, "guided": GUIDED, "tokens_per_second": round(pace)}
        print(json.dumps(told), flush=True)
        sys.stdin.read()
        server.shutdown()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--key", default="", help="refuse requests without this key")
    parser.add_argument("--context", type=int, default=4096, help="tokens of messages and reply together")
    parser.add_argument("--longest-reply", type=int, default=512, help="tokens, whatever a request allows")
    parser.add_argument(
        "--menu", nargs="*", default=(), help=f"serve {GUIDED} too, which says one of these and no more"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
