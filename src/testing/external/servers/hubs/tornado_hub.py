# A hub on Tornado. Each client has a queue of 64 messages and a task that awaits write_message; a client whose queue is
# full is disconnected. POST /broadcast takes one envelope, or NDJSON. Prints a ready line; SIGTERM stops it.
import asyncio

from tornado import httpserver, netutil, web, websocket

from python_rules import is_allowed, read_envelopes, until_stopped

CLIENT_BUFFER_MESSAGES = 64
MAX_CLIENT_MESSAGE_BYTES = 64 * 1024
MAX_BODY_BYTES = 16 * 1024 * 1024
STOP_SECONDS = 0.5

clients = set()


class Events(websocket.WebSocketHandler):
    def check_origin(self, origin):
        return is_allowed(origin)

    def open(self):
        self.queue = asyncio.Queue(CLIENT_BUFFER_MESSAGES)
        self.writer = asyncio.ensure_future(self.write_events())
        clients.add(self)

    async def write_events(self):
        try:
            while True:
                await self.write_message(await self.queue.get())
        except websocket.WebSocketClosedError:
            clients.discard(self)

    def offer(self, text):
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            clients.discard(self)
            self.writer.cancel()
            self.close(1013, "slow consumer")  # Tornado ends the connection after 5 s if the client does not read.

    def on_message(self, message):
        pass  # Clients only listen.

    def on_close(self):
        clients.discard(self)
        self.writer.cancel()


class Broadcast(web.RequestHandler):
    async def post(self):
        is_lines = self.request.headers.get("Content-Type", "").startswith("application/x-ndjson")
        try:
            texts = read_envelopes(self.request.body.decode("utf-8"), is_lines)
        except ValueError as error:
            self.set_status(400)
            self.finish({"error": str(error)})
            return
        for text in texts:
            for client in list(clients):
                client.offer(text)
            await asyncio.sleep(0)  # Writers run between two events, so that a burst does not evict those who read.
        self.set_status(202)
        self.finish({"accepted": len(texts)})


async def main():
    app = web.Application(
        [(r"/ws", Events), (r"/broadcast", Broadcast)], websocket_max_message_size=MAX_CLIENT_MESSAGE_BYTES
    )
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    server = httpserver.HTTPServer(app, max_body_size=MAX_BODY_BYTES, max_buffer_size=2 * MAX_BODY_BYTES)
    server.add_sockets(sockets)
    await until_stopped(sockets[0].getsockname()[1])
    server.stop()
    for client in list(clients):
        client.close(1001, "the hub stops")
    await asyncio.sleep(STOP_SECONDS)


asyncio.run(main())
