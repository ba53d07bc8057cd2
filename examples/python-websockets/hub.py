"""A small correct hub on `websockets` (Debian: python3-websockets), driven by JSON lines on stdin.

Run: python3 hub.py [port]; it prints where it listens. It ends with its stdin, on {"op":"shutdown"} and on SIGTERM.
"""
import asyncio, collections, http, json, os, re, signal, sys
import websockets

LISTED = ["http://localhost:5173", "http://localhost:3000"] + os.environ.get("NORN_ALLOWED_ORIGINS", "").split(",")
LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]*)?")
clients = set()


class Client:
    def __init__(self, ws):
        self.ws, self.outstanding, self.wake, self.is_evicted = ws, collections.deque(), asyncio.Event(), False

    async def write(self):
        try:
            while self.outstanding or not self.is_evicted:
                if self.outstanding:
                    await self.ws.send(self.outstanding[0])  # returns when the kernel has taken all of it
                    self.outstanding.popleft()
                else:
                    await self.wake.wait()
                    self.wake.clear()
            await self.ws.close(1013, "slow consumer")
        except websockets.ConnectionClosed:
            pass


def publish(text):
    for client in list(clients):
        if len(client.outstanding) < 65:  # one in flight and 64 queued
            client.outstanding.append(text)
        else:  # what is queued may drain for a second, then the socket is closed whether the client reads or not
            clients.discard(client)
            client.is_evicted = True
            asyncio.get_running_loop().call_later(1, client.ws.transport.abort)
        client.wake.set()


async def serve(ws):
    client = Client(ws)
    clients.add(client)
    writer = asyncio.create_task(client.write())
    try:
        async for _ in ws:  # clients only listen
            pass
    except websockets.ConnectionClosed:
        pass
    finally:
        clients.discard(client)
        writer.cancel()


async def check(path, headers):
    origins = [origin for origin in headers.get_all("Origin") if origin != ""]
    if path.split("?")[0] != "/ws":
        return http.HTTPStatus.NOT_FOUND, [], b"not found\n"
    if origins and not (len(origins) == 1 and (origins[0] in LISTED or LOCAL.fullmatch(origins[0]))):
        return http.HTTPStatus.FORBIDDEN, [], b"origin not allowed\n"


async def answer(request):
    if request["op"] == "broadcast":
        for event in request["events"]:
            assert isinstance(event["type"], str) and isinstance(event["appId"], str) and isinstance(event["payload"], dict)
        # Python would write a number beyond its range as Infinity, which is not JSON.
        for text in [json.dumps(event, allow_nan=False) for event in request["events"]]:
            publish(text)
            await asyncio.sleep(0)  # lets writers run, so that a burst does not evict those who read
        return {"ok": True, "accepted": len(request["events"])}
    if request["op"] == "stats":
        return {"ok": True, "clients": len(clients)}
    return {"ok": True} if request["op"] == "shutdown" else {"error": "unsupported"}


async def run():
    loop, lines, stop = asyncio.get_running_loop(), asyncio.StreamReader(limit=2**26), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    server = await websockets.serve(serve, "127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 0, process_request=check,
                                    compression=None, max_size=65536, write_limit=0, close_timeout=1)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"ready": True, "url": f"ws://127.0.0.1:{port}/ws", "pid": os.getpid()}), flush=True)
    stdin = asyncio.create_task(obey(lines, stop))
    await stop.wait()
    stdin.cancel()
    server.close()  # closes every connection with 1001, and waits forever for a client that never ends its handshake
    await asyncio.wait([asyncio.ensure_future(server.wait_closed())], timeout=4)


async def obey(lines, stop):
    while line := await lines.readline():
        request = {}
        try:
            request = json.loads(line)
            result = await answer(request)
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request.get("id"), **result}), flush=True)
        if request.get("op") == "shutdown":
            break
    stop.set()


asyncio.run(run())
