// Why a client left the hub. Apart from the connection, so that the public types do not depend on `ws`.

export type Departure =
  | 'closed'
  | 'slow consumer'
  | 'unanswered pings'
  | 'protocol error'
  | 'connection lost'
  | 'hub stopped';
