# The least that the kit can drive, on websockets: events come as lines on stdin. Slow clients: see ../python-websockets.
import asyncio
import json
import sys
import websockets

clients = set()


async def serve(client, path=None):
    clients.add(client)
    try:
        await client.wait_closed()
    finally:
        clients.discard(client)


def say(line):
    print(json.dumps(line), flush=True)


async def main():
    async with websockets.serve(serve, "127.0.0.1", 0, compression=None) as hub:
        say({"ready": True, "url": f"ws://127.0.0.1:{hub.sockets[0].getsockname()[1]}/ws"})
        requests = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
        while line := await requests.readline():
            ask = json.loads(line)
            if ask["op"] != "broadcast":
                say({"id": ask["id"], "error": "unsupported"})
                continue
            for event in ask["events"]:
                websockets.broadcast(clients, json.dumps(event, ensure_ascii=False))
            say({"id": ask["id"], "ok": True, "accepted": len(ask["events"])})


asyncio.run(main())
