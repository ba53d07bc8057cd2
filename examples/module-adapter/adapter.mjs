// An adapter of one's own: norn-conformance ws://127.0.0.1:8800/ws --adapter examples/module-adapter/adapter.mjs
// This one posts with fetch; put here whatever makes your hub broadcast: a queue, a library call, a login first.
export default async function createTarget({ url = 'ws://127.0.0.1:8800/ws' }) {
  const api = url.replace(/^ws/, 'http').replace(/\/ws$/, '');

  async function post(text) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api}/broadcast`, { method: 'POST', headers, body: text });
    await response.arrayBuffer(); // frees the connection for the next event
    return response.status;
  }

  return {
    url,
    async broadcast(envelopeTexts, { deadlineMillis = 10_000 } = {}) {
      const until = performance.now() + deadlineMillis;
      for (const text of envelopeTexts) {
        if (performance.now() > until) return { ok: false, kind: 'timeout', problem: 'the hub is too slow' };
        const status = await post(text);
        if (status >= 300) return { ok: false, kind: 'refused', problem: `the hub answered ${status}` };
      }
      return { ok: true, accepted: envelopeTexts.length };
    },
  };
}
