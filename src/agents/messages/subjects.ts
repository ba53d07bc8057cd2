// The subjects on which agents and coordinator speak, and everything that is said there. Other versions of these messages would begin
// with another word than `norn.v1`.
const ROOT = 'norn.v1';

/** Everything below the root, as NATS writes it. */
export const SUBJECTS_OF_ALL = `${ROOT}.>`;

/** Each free or busy agent shows itself here, once a second. */
export const POOL_SUBJECT = `${ROOT}.pool`;

/** A coordinator asks for this agent. */
export function claimSubject(agent: string): string {
  return `${ROOT}.agent.${agent}.claim`;
}

export interface RunSubjects {
  /** From the coordinator to all: the run is over. */
  readonly end: string;
  /** Agents ask for the coordinator's time. */
  readonly clock: string;
}

export function subjectsOfRun(run: string): RunSubjects {
  const root = `${ROOT}.run.${run}`;
  return { end: `${root}.end`, clock: `${root}.clock` };
}

export interface AgentSubjects {
  /** Numbered messages for the agent, and those from it. */
  readonly toAgent: string;
  readonly fromAgent: string;
  /** Twice a second, from the agent's parent process, and from the coordinator. */
  readonly beat: string;
  readonly coordinatorBeat: string;
  /** Questions to the agent, and questions of it: pieces of long messages, messages that were lost. */
  readonly askAgent: string;
  readonly askCoordinator: string;
}

export function subjectsOfAgent(run: string, agent: string): AgentSubjects {
  const root = `${ROOT}.run.${run}.agent.${agent}`;
  return {
    toAgent: `${root}.to`,
    fromAgent: `${root}.from`,
    beat: `${root}.beat`,
    coordinatorBeat: `${root}.coordinator-beat`,
    askAgent: `${root}.ask`,
    askCoordinator: `${root}.ask-coordinator`,
  };
}
