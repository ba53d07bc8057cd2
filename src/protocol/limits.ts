// The numbers of the protocol and of the reference hub, in one place, each with its unit in the name.

/** Messages buffered for each client (protocol, "Per-client send buffer"). */
export const CLIENT_BUFFER_MESSAGES = 64;
/** Events buffered between producers and the run loop (protocol, "Broadcast channel"). */
export const BROADCAST_BUFFER_EVENTS = 256;
/** Origins allowed without configuration (protocol, "Origin Checking"). */
export const DEFAULT_ALLOWED_ORIGINS = ['http://localhost:5173', 'http://localhost:3000'] as const;
/** Where a hub listens by default (protocol, "Connection"). */
export const DEFAULT_PORT = 8800;
export const WEBSOCKET_PATH = '/ws';
