# What hubs in Python have in common whatever their server: the origin rule, what an envelope is, the ready line, the stop.
import asyncio
import json
import os
import signal
from urllib.parse import urlsplit

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
LISTED = {"http://localhost:5173", "http://localhost:3000", *os.environ.get("NORN_ALLOWED_ORIGINS", "").split(",")}


def is_allowed(origin):
    if not origin or origin in LISTED:
        return True
    try:
        return urlsplit(origin).hostname in LOCAL_HOSTS
    except ValueError:
        return False


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def check_envelope(text):
    event = json.loads(text, parse_constant=refuse_constant)
    if not isinstance(event, dict):
        raise ValueError("an envelope is an object")
    for name, kind in (("type", str), ("appId", str), ("payload", dict)):
        if not isinstance(event.get(name), kind):
            raise ValueError(f"{name} is missing or of the wrong type")


def read_envelopes(body, is_lines):
    texts = [line for line in body.split("\n") if line.strip()] if is_lines else [body]
    for text in texts:
        check_envelope(text)
    return texts


async def until_stopped(port):
    at = f"127.0.0.1:{port}"
    print(json.dumps({"ready": True, "url": f"ws://{at}/ws", "broadcastUrl": f"http://{at}/broadcast"}), flush=True)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
