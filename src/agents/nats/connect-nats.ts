// A NATS server as a bus. The package that speaks to it is optional, and loaded only here. Only what every NATS server has is used:
// no stream keeps anything.
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '../../time/clock.ts';
import { untilSettled } from '../../time/deadline.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { Bus } from './bus.ts';
import type { NatsAccess } from './nats-access.ts';
import { describeNatsProblem, describeRefusal } from './nats-problem.ts';

const CONNECT_DEADLINE_MILLIS = 5_000;
const RECONNECT_MILLIS = 250;
const FLUSH_MILLIS = 1_000;
const PACKAGE = '@nats-io/transport-node';

/** `name` is what the server shows of this connection. */
export async function connectNats(access: NatsAccess, name: string, clock: Clock): Promise<Parsed<Bus>> {
  let connect: typeof import('@nats-io/transport-node').connect;
  let authenticate: typeof import('@nats-io/transport-node').credsAuthenticator;
  try {
    ({ connect, credsAuthenticator: authenticate } = await import('@nats-io/transport-node'));
  } catch {
    return unparsed(`the optional package ${PACKAGE} is not installed; run npm install ${PACKAGE}@3.3.1`);
  }
  const { server, user, password, token, creds, tls } = access;
  try {
    const connection = await connect({
      servers: server,
      name,
      timeout: CONNECT_DEADLINE_MILLIS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MILLIS,
      ignoreClusterUpdates: false,
      // A stack for each request that nobody reads.
      noAsyncTraces: true,
      ...(user !== undefined && { user, pass: password }),
      ...(token !== undefined && { token }),
      ...(creds !== undefined && { authenticator: authenticate(creds) }),
      ...(tls !== undefined && { tls }),
    });
    return parsed(createNatsBus(connection, server, clock));
  } catch (error) {
    return unparsed(describeNatsProblem(error, server));
  }
}

/** The package would go on without reading anything more: a fault of this program ends it instead. */
function answerOrEnd(
  answer: (payload: Uint8Array) => Uint8Array | undefined,
  payload: Uint8Array,
): Uint8Array | undefined {
  try {
    return answer(payload);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
    return undefined;
  }
}

function createNatsBus(connection: NatsConnection, server: string, clock: Clock): Bus {
  let problem: string | undefined;
  let refusal: string | undefined;
  let refuse: (sentence: string) => void = () => {};
  const refused = new Promise<string>((resolve) => {
    refuse = resolve;
  });
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect')
        problem = `the connection to the NATS server at ${server} is interrupted`;
      if (status.type === 'reconnect') problem = undefined;
      if (status.type !== 'error') continue;
      refusal ??= describeRefusal(status.error, server);
      if (refusal !== undefined) refuse(refusal);
    }
  })();
  return {
    refused,
    refusal: () => refusal,
    maxPayloadBytes: connection.info?.max_payload ?? 0,
    died: connection
      .closed()
      .then((error) => (error ? describeNatsProblem(error, server) : `left the NATS server at ${server}`)),
    problem: () => problem,
    publish(subject, payload) {
      if (!connection.isClosed()) connection.publish(subject, payload);
    },
    subscribe(subject, answer) {
      const subscription = connection.subscribe(subject, {
        callback(error: Error | null, message: Msg) {
          const reply = error === null ? answerOrEnd(answer, message.data) : undefined;
          if (reply !== undefined && !connection.isClosed()) message.respond(reply);
        },
      });
      return { end: () => subscription.unsubscribe() };
    },
    async request(subject, payload, deadlineMillis) {
      try {
        return (await connection.request(subject, payload, { timeout: deadlineMillis })).data;
      } catch {
        return undefined;
      }
    },
    async close() {
      await untilSettled(clock, connection.flush(), FLUSH_MILLIS);
      await connection.close();
    },
  };
}
