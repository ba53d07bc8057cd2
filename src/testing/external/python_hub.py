#!/usr/bin/python3
"""A broadcast hub in Python on `websockets`, and what can go wrong with it.

`--defect ID` breaks one thing; without it the hub is correct. Independent of the TypeScript hubs on purpose: it is what
a real hub's author would have written, bugs included. Needs Debian's python3-websockets (10 or later).
"""
import argparse
import asyncio
import http
import json
import os
import signal
import sys
from urllib.parse import urlsplit

import websockets
from websockets.exceptions import ConnectionClosed

DEFECTS = """none sequential-send gather-send library-broadcast never-evict drop-oldest drop-newest forget-without-close
any-origin null-origin origin-contains binary-opcode number-precision mojibake html-escaped coalesce-array
client-text-rebroadcast echo-to-sender client-data-kills history-replay lifetime-quota duplicate
publisher-waits eviction-without-close close-not-echoed""".split()

parser = argparse.ArgumentParser()
parser.add_argument("--defect", default="none", choices=DEFECTS)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--client-buffer", type=int, default=64)
parser.add_argument("--eviction-grace", type=float, default=1.0, help="seconds")
parser.add_argument("--allowed-origin", action="append", default=[])
ARGS = parser.parse_args()
DEFECT = ARGS.defect
ORIGINS = {"http://localhost:5173", "http://localhost:3000", *ARGS.allowed_origin}
ORIGINS |= set(filter(None, os.environ.get("NORN_ALLOWED_ORIGINS", "").split(",")))


class Client:
    """One connection, its queue, and the task that empties it."""

    def __init__(self, socket):
        self.socket = socket
        size = 0 if DEFECT == "never-evict" else ARGS.client_buffer
        self.queue = asyncio.Queue(size)
        self.sent = 0

    async def write(self):
        while True:
            text = await self.queue.get()
            if DEFECT == "coalesce-array" and not self.queue.empty():
                batch = [text]
                while not self.queue.empty():
                    batch.append(self.queue.get_nowait())
                text = "[" + ",".join(batch) + "]"
            await self.socket.send(text.encode() if DEFECT == "binary-opcode" else text)
            self.sent += 1


class Hub:
    def __init__(self):
        self.clients = set()
        self.broadcasts = asyncio.Queue(256)
        self.recent = []
        self.events = 0

    async def run(self):
        while True:
            text, done = await self.broadcasts.get()
            self.events += 1
            self.recent = (self.recent + [text])[-5:]
            await self.fan_out(text)
            done.set_result(None)
            await asyncio.sleep(0)

    async def fan_out(self, text):
        if DEFECT == "sequential-send":
            for client in list(self.clients):
                await self.send_quietly(client, text)
        elif DEFECT == "gather-send":
            await asyncio.gather(*(self.send_quietly(client, text) for client in list(self.clients)))
        elif DEFECT == "library-broadcast":
            websockets.broadcast({client.socket for client in self.clients}, text)
        else:
            for client in list(self.clients):
                self.deliver(client, text)
                if DEFECT == "duplicate" and self.events % 50 == 7:
                    self.deliver(client, text)
            if any(client.queue.qsize() > ARGS.client_buffer / 2 for client in self.clients):
                await asyncio.sleep(0.001)

    async def send_quietly(self, client, text):
        try:
            await client.socket.send(text)
        except ConnectionClosed:
            pass

    def deliver(self, client, text):
        if DEFECT == "lifetime-quota" and client.sent >= 64:
            self.evict(client)
        elif not client.queue.full():
            client.queue.put_nowait(text)
        elif DEFECT == "drop-oldest":
            client.queue.get_nowait()
            client.queue.put_nowait(text)
        elif DEFECT != "drop-newest":
            self.evict(client)

    def evict(self, client):
        self.clients.discard(client)
        if DEFECT != "forget-without-close":
            asyncio.ensure_future(self.end_evicted(client))

    async def end_evicted(self, client):
        """Lets the queue drain for a while, says Close if that can be written, and closes in any case."""
        for _ in range(20):
            await asyncio.sleep(ARGS.eviction_grace / 20)
            if client.queue.empty():
                break
        if DEFECT != "eviction-without-close" and client.queue.empty():
            try:
                await asyncio.wait_for(client.socket.close(1013, "slow consumer"), 0.5)
            except (asyncio.TimeoutError, ConnectionClosed):
                pass
        client.socket.transport.abort()

    async def serve(self, socket, _path=None):
        client = Client(socket)
        self.clients.add(client)
        if DEFECT == "history-replay":
            for text in self.recent:
                client.queue.put_nowait(text)
        writer = asyncio.ensure_future(client.write())
        try:
            async for message in socket:
                if DEFECT == "client-data-kills":
                    break
                if DEFECT == "echo-to-sender":
                    await socket.send(message)
                if DEFECT == "client-text-rebroadcast" and isinstance(message, str):
                    await self.broadcasts.put((message, asyncio.get_running_loop().create_future()))
        except ConnectionClosed:
            pass
        finally:
            self.clients.discard(client)
            writer.cancel()

    async def judge_opening(self, path, headers):
        if path != "/ws":
            return http.HTTPStatus.NOT_FOUND, [], b"no WebSocket here\n"
        if not is_origin_allowed(headers.get_all("Origin")):
            return http.HTTPStatus.FORBIDDEN, [], b"origin not allowed\n"
        return None


def is_origin_allowed(values):
    origin = values[0] if values else ""
    if DEFECT == "any-origin" or (DEFECT == "null-origin" and origin == "null"):
        return True
    if DEFECT == "origin-contains" and "localhost" in origin:
        return True
    if len(values) > 1:
        return False
    if origin == "" or origin in ORIGINS:
        return True
    try:
        return urlsplit(origin).hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False


def judge_event(text):
    """The text to broadcast, or None when it is no envelope."""
    try:
        event = json.loads(text)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("payload"), dict):
        return None
    if not isinstance(event.get("type"), str) or not isinstance(event.get("appId"), str):
        return None
    if DEFECT == "number-precision":
        rounded = json.loads(text, parse_int=lambda digits: int(float(digits)))
        return json.dumps(rounded, separators=(",", ":"), ensure_ascii=False)
    if DEFECT == "mojibake":
        return text.encode().decode("latin-1")
    if DEFECT == "html-escaped":
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


async def answer_http(hub, reader, writer):
    """POST /broadcast and GET /stats, as little HTTP as that needs."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        fields = dict(line.lower().split(":", 1) for line in lines[1:] if ":" in line)
        method, path = lines[0].split(" ")[:2]
        body = b""
        if "chunked" in fields.get("transfer-encoding", ""):
            while True:
                size = int(await reader.readline(), 16)
                body += (await reader.readexactly(size + 2))[:size]
                if size == 0:
                    break
        else:
            body = await reader.readexactly(int(fields.get("content-length", "0")))
        status, answer = await route(hub, method, path, fields, body.decode())
        text = json.dumps(answer) + "\n"
        writer.write(
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n"
            f"Connection: close\r\n\r\n{text}".encode()
        )
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        pass
    finally:
        writer.close()


async def route(hub, method, path, fields, body):
    if path == "/stats":
        return 200, {"clients": len(hub.clients)}
    if path != "/broadcast":
        return 404, {"error": "nothing here"}
    if method != "POST":
        return 405, {"error": "POST"}
    if not is_origin_allowed([fields["origin"].strip()] if "origin" in fields else []):
        return 403, {"error": "origin not allowed"}
    is_batch = "ndjson" in fields.get("content-type", "")
    texts = [line.strip() for line in body.split("\n") if line.strip()] if is_batch else [body.strip()]
    events = [judge_event(text) for text in texts]
    if None in events:
        return 400, {"error": f"line {events.index(None) + 1}: not an envelope"}
    futures = []
    for event in events:
        futures.append(asyncio.get_running_loop().create_future())
        await hub.broadcasts.put((event, futures[-1]))
    if DEFECT == "publisher-waits":
        await asyncio.gather(*futures)
        while any(not client.queue.empty() or client.socket.transport.get_write_buffer_size() for client in hub.clients):
            await asyncio.sleep(0.005)
    return 202, {"accepted": len(events)}


async def main():
    hub = Hub()
    running = asyncio.ensure_future(hub.run())
    server = await websockets.serve(
        hub.serve,
        "127.0.0.1",
        ARGS.port,
        process_request=hub.judge_opening,
        max_size=65536,
        # A message counts as sent only when the kernel has taken it.
        write_limit=1,
        compression=None,
        ping_interval=None,
        close_timeout=1,
    )
    if DEFECT == "close-not-echoed":
        websockets.WebSocketServerProtocol.write_close_frame = drop_instead
    side = await asyncio.start_server(lambda r, w: answer_http(hub, r, w), "127.0.0.1", 0, limit=16 * 2**20)
    port = server.sockets[0].getsockname()[1]
    side_port = side.sockets[0].getsockname()[1]
    ready = {"ready": True, "url": f"ws://127.0.0.1:{port}/ws", "pid": os.getpid()}
    print(json.dumps({**ready, "broadcastUrl": f"http://127.0.0.1:{side_port}/broadcast"}), flush=True)
    loop = asyncio.get_running_loop()
    stop = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stop.done() or stop.set_result(None))
    if os.environ.get("NORN_EXIT_WITH_STDIN") == "1":
        loop.add_reader(sys.stdin, lambda: sys.stdin.buffer.read1(4096) or os._exit(0))
    await stop
    side.close()
    server.close()
    await server.wait_closed()
    running.cancel()


async def drop_instead(protocol, *_arguments, **_options):
    protocol.transport.abort()


if __name__ == "__main__":
    asyncio.run(main())
