// Several handshakes side by side, and what is wrong with how the hub took them: each client that it lets in must receive the
// next event, and stay connected while the others come.
import type { ViolationKind } from '../../../explore/oracle/violation.ts';
import { handshakeChoiceOf } from '../../../explore/program/handshake-choice.ts';
import type { Program } from '../../../explore/program/program.ts';
import { CheckEnded } from '../../../finding.ts';
import { createClientHandshake } from '../../../inputs/handshakes/client-handshake.ts';
import { describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';

export interface Problem {
  readonly kind: Extract<
    ViolationKind,
    'handshake-refused' | 'origin-accepted' | 'handshake-wrong' | 'never-joined' | 'disconnected' | 'lost'
  >;
  readonly got: string;
  /** Servers in daily use do it, too. */
  readonly isWarning: boolean;
}

export interface Tried {
  readonly program: Program;
  readonly problem: Problem | undefined;
}

interface Attempt {
  readonly program: Program;
  readonly client: LabClient | undefined;
  problem: Problem | undefined;
}

export interface TryOptions {
  readonly allowedOrigins: readonly string[];
  /** A client that was there before; it receives everything, too. */
  readonly control: LabClient;
  /** For the answer of one handshake. */
  readonly deadlineMillis: number;
}

export async function tryHandshakes(
  lab: Lab,
  programs: readonly Program[],
  options: TryOptions,
): Promise<readonly Tried[]> {
  const attempts = await Promise.all(programs.map((program) => shakeHands(lab, program, options)));
  const served = attempts.filter(({ client, problem }) => client !== undefined && problem === undefined);
  await serve(lab, served, options.control);
  for (const { client } of attempts) client?.destroy();
  return attempts.map(({ program, problem }) => ({ program, problem }));
}

async function shakeHands(
  lab: Lab,
  program: Program,
  { allowedOrigins, deadlineMillis }: TryOptions,
): Promise<Attempt> {
  const request = createClientHandshake(lab.connectAs, handshakeChoiceOf(program), allowedOrigins);
  const { wanted, isRefusalWarned } = request;
  const dialed = await lab.tryConnect({ request, deadlineMillis });
  const attempt = { program, client: dialed.ok ? dialed.client : undefined };
  const broken = (kind: Problem['kind'], got: string, isWarning = false): Attempt => ({
    ...attempt,
    problem: { kind, got, isWarning },
  });
  const isUpgraded = dialed.ok || dialed.response?.status === 101;
  if (wanted === 'refuse' && isUpgraded)
    return broken('origin-accepted', 'its handshake was answered with 101');
  if (dialed.ok || wanted === 'refuse') return { ...attempt, problem: undefined };
  if (isUpgraded) return broken('handshake-wrong', dialed.problem);
  if (wanted === 'either' && !isRefusalWarned) return { ...attempt, problem: undefined };
  return broken('handshake-refused', dialed.problem, isRefusalWarned);
}

/** Past the join barrier, and then one event. What a client lacks becomes its problem. */
async function serve(lab: Lab, attempts: readonly Attempt[], control: LabClient): Promise<void> {
  const clients = attempts.flatMap(({ client }) => client ?? []);
  if (clients.length === 0) return;
  if (!lab.abilities.broadcast) {
    await Promise.all(clients.map((client) => client.ping('joined')));
    for (const attempt of attempts)
      attempt.problem = findLack(attempt.client, (c) => c.record.pongs.length > 0);
    return;
  }
  let ended: CheckEnded | undefined;
  let sequence: number | undefined;
  try {
    await lab.join(clients);
    sequence = (await lab.publish([{}], [control, ...clients])).at(-1)?.sequence;
    // What comes twice, or ends a client, is there before the next event.
    await lab.fence([control, ...clients]);
  } catch (error) {
    if (!(error instanceof CheckEnded)) throw error;
    ended = error;
  }
  const hasAll = ({ record }: LabClient): boolean =>
    record.lastNonce >= 0 &&
    record.faults.length === 0 &&
    (sequence === undefined || record.sequences.filter((one) => one === sequence).length === 1);
  for (const attempt of attempts) attempt.problem = findLack(attempt.client, hasAll);
  // The hub takes no event, or somebody else is to blame.
  if (ended !== undefined && attempts.every(({ problem }) => problem === undefined)) throw ended;
}

function findLack(
  client: LabClient | undefined,
  hasAll: (client: LabClient) => boolean,
): Problem | undefined {
  if (client === undefined) return undefined;
  const got = `after its 101 ${describeState(client)}`;
  if (!client.isOpen) return { kind: 'disconnected', got, isWarning: false };
  if (hasAll(client)) return undefined;
  return { kind: client.record.lastNonce < 0 ? 'never-joined' : 'lost', got, isWarning: false };
}
