// Which URLs name a hub or a broadcast route.
import { parseUnixUrl } from './unix-url.ts';

/** Where clients connect: ws, wss or ws+unix. */
export const isHubUrl = (url: string): boolean => hasProtocol(url, ['ws:', 'wss:', 'ws+unix:']);

/** Where events are POSTed: http, https or http+unix. */
export const isBroadcastUrl = (url: string): boolean => hasProtocol(url, ['http:', 'https:', 'http+unix:']);

/** Whether a word of a command line is meant as a URL, and not as a file or a command. */
export const looksLikeUrl = (word: string): boolean => /^[a-z][a-z\d+.-]*(:\/\/|\+unix:)/i.test(word);

function hasProtocol(url: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocols.includes(protocol) && (!protocol.includes('+unix') || parseUnixUrl(url) !== undefined);
}
