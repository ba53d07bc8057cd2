// A badge for a README: the JSON that shields.io reads from an endpoint (https://shields.io/badges/endpoint-badge).

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly color: 'brightgreen' | 'yellow' | 'orange' | 'red' | 'lightgrey';
}

export function renderBadge(badge: Badge): string {
  return `${JSON.stringify({ schemaVersion: 1, ...badge })}\n`;
}
