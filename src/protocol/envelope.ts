// The event envelope and the documented event types, as TypeScript types (protocol: "Event Envelope",
// "Event Types"). The JSON Schemas in ./schemas say the same for validation.

/** Every message on the wire: one JSON object of this shape. Unknown extra fields are allowed. */
export interface Envelope {
  readonly type: string;
  readonly appId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const STEP_STATUSES = ['running', 'complete', 'failed'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** The documented types and the payload fields each must carry (protocol, "Event Types"). */
export const DOCUMENTED_PAYLOAD_FIELDS = {
  'deploy.step': ['step', 'sagaId', 'status'],
  'deploy.progress': ['sagaId', 'message'],
  'deploy.completed': ['sagaId', 'imageTag'],
  'deploy.failed': ['sagaId', 'error'],
  'app.restarted': ['sagaId'],
  'app.scaled': ['sagaId', 'group', 'count'],
  'function.completed': ['executionId', 'status'],
} as const satisfies Record<string, readonly string[]>;

export type DocumentedEventType = keyof typeof DOCUMENTED_PAYLOAD_FIELDS;

export const DOCUMENTED_EVENT_TYPES = Object.keys(
  DOCUMENTED_PAYLOAD_FIELDS,
) as readonly DocumentedEventType[];

export function isDocumentedEventType(type: string): type is DocumentedEventType {
  return Object.hasOwn(DOCUMENTED_PAYLOAD_FIELDS, type);
}
