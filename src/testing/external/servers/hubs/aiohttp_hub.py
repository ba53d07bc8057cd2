# A hub on aiohttp. Each client has a queue of 64 messages and a task that writes it; a client whose queue is full is
# disconnected. POST /broadcast takes one envelope, or NDJSON. Prints a ready line; SIGTERM stops it.
import asyncio

from aiohttp import WSCloseCode, web

from python_rules import is_allowed, read_envelopes, until_stopped

CLIENT_BUFFER_MESSAGES = 64
MAX_CLIENT_MESSAGE_BYTES = 64 * 1024
MAX_BODY_BYTES = 16 * 1024 * 1024
CLOSE_SECONDS = 1

clients = set()


class Client:
    def __init__(self, request):
        self.ws = web.WebSocketResponse(max_msg_size=MAX_CLIENT_MESSAGE_BYTES, compress=False)
        self.transport = request.transport
        self.queue = asyncio.Queue(CLIENT_BUFFER_MESSAGES)
        self.closing = None

    async def write(self):
        try:
            while True:
                await self.ws.send_str(await self.queue.get())
        except ConnectionError:
            pass  # The reading side ends as well and cleans up.

    def offer(self, text):
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.disconnect(WSCloseCode.TRY_AGAIN_LATER, b"slow consumer")

    def disconnect(self, code, reason):
        clients.discard(self)
        self.closing = asyncio.ensure_future(self.close(code, reason))

    async def close(self, code, reason):
        try:
            await asyncio.wait_for(self.ws.close(code=code, message=reason), CLOSE_SECONDS)
        except (asyncio.TimeoutError, ConnectionError):
            pass
        if self.transport is not None:
            self.transport.abort()  # A client that does not read never takes the Close.


async def events(request):
    if not is_allowed(request.headers.get("Origin")):
        raise web.HTTPForbidden(text="this Origin is not allowed")
    client = Client(request)
    clients.add(client)  # Before the 101, so that an event right after it is not missed.
    writer = None
    try:
        await client.ws.prepare(request)
        writer = asyncio.ensure_future(client.write())
        async for _ in client.ws:  # Clients only listen.
            pass
        if client.closing is not None:
            await client.closing  # A handler that returns earlier sends Close 1000 instead.
    finally:
        clients.discard(client)
        if writer is not None:
            writer.cancel()
    return client.ws


async def broadcast(request):
    body = await request.text()
    try:
        texts = read_envelopes(body, request.content_type == "application/x-ndjson")
    except ValueError as error:
        return web.json_response({"error": str(error)}, status=400)
    for text in texts:
        for client in list(clients):
            client.offer(text)
        await asyncio.sleep(0)  # Writers run between two events, so that a burst does not evict those who read.
    return web.json_response({"accepted": len(texts)}, status=202)


async def close_all(_):
    leaving = list(clients)
    for client in leaving:
        client.disconnect(WSCloseCode.GOING_AWAY, b"the hub stops")
    await asyncio.gather(*(client.closing for client in leaving))


async def main():
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.add_routes([web.get("/ws", events), web.post("/broadcast", broadcast)])
    app.on_shutdown.append(close_all)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await until_stopped(runner.addresses[0][1])
    await runner.cleanup()


asyncio.run(main())
