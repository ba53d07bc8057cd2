// The flags that name one hub or several. Several must deliver the same events: clients connect to all, and events are published
// at the first, or at all in turn.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { isTlsUrl } from '../../wire/tls/tls-settings.ts';
import { FLAG_NAMES, type OptionNames } from '../option-names.ts';
import { parseTargetFlags, type TargetChoice, type TargetFlags } from '../target-flags.ts';
import { TLS_FLAG_NAMES } from '../tls/tls-flags.ts';

export interface HubsFlags extends Omit<TargetFlags, 'url' | 'spawn' | 'broadcastUrl'> {
  readonly urls: readonly string[];
  readonly spawns: readonly string[];
  /** One, for the first hub, or one for each: then events are published at all in turn. */
  readonly broadcastUrls: readonly string[];
  /** Events are published at all hubs in turn. */
  readonly inTurn?: boolean | undefined;
}

export type HubChoices = readonly [TargetChoice, ...TargetChoice[]];

export function parseHubsFlags(
  { urls, spawns, broadcastUrls, inTurn = false, ...flags }: HubsFlags,
  written: OptionNames = FLAG_NAMES,
): Parsed<HubChoices> {
  const count = Math.max(urls.length, spawns.length, 1);
  const problem =
    count > 1 ? findContradiction({ urls, spawns, broadcastUrls, ...flags }, written) : undefined;
  if (problem !== undefined) return unparsed(problem);
  if (count === 1 && broadcastUrls.length > 1)
    return unparsed(`${written.broadcastUrl}: ${broadcastUrls.length} for one hub: give one`);
  const isInTurn = inTurn || broadcastUrls.length > 1;
  const choices: TargetChoice[] = [];
  for (let at = 0; at < count; at++) {
    const hub = { url: urls[at], spawn: spawns[at] };
    const isListenedTo = at > 0 && !isInTurn;
    const own = isListenedTo ? listening(flags, hub) : { ...flags, broadcastUrl: broadcastUrls[at] };
    const choice = parseTargetFlags(
      { ...own, ...hub, ...tlsOf({ ...flags, broadcastUrl: broadcastUrls[at] }, hub.url, urls) },
      written,
    );
    if (!choice.ok) return choice;
    choices.push({ ...choice.value, ...(isListenedTo && { isListenedTo }) });
  }
  return parsed(choices as unknown as HubChoices);
}

function findContradiction(
  { urls, spawns, broadcastUrls, adapter, pid }: HubsFlags,
  written: OptionNames,
): string | undefined {
  if (adapter !== undefined) return `${written.adapter} drives one hub: give one, or leave it out`;
  if (pid !== undefined) return `${written.pid} is the process of one hub: leave it out with several`;
  if (spawns.length > 0 && urls.length > 0 && urls.length !== spawns.length)
    return `${written.spawn}: ${spawns.length} and ${urls.length} URLs: give one URL for each, or none`;
  const hubs = Math.max(urls.length, spawns.length);
  if (broadcastUrls.length > 1 && broadcastUrls.length !== hubs)
    return `${written.broadcastUrl}: ${broadcastUrls.length} for ${hubs} hubs: give one for the first, or one for each`;
  const twice = urls.find((url, at) => urls.indexOf(url) !== at);
  return twice === undefined ? undefined : `${twice} is there twice: give each hub once`;
}

/** A further hub is not driven: what is published at the first must reach its clients. */
function listening(flags: Partial<TargetFlags>, { spawn }: Pick<TargetFlags, 'spawn'>): Partial<TargetFlags> {
  const { broadcastHeader: _header, broadcastTemplate: _template, ...others } = flags;
  return { ...others, observe: spawn === undefined };
}

/** Settings of TLS are for the hubs behind TLS; one without is no mistake where another has it. */
function tlsOf(
  flags: Partial<TargetFlags>,
  url: string | undefined,
  urls: readonly string[],
): Partial<TargetFlags> {
  const isForOthers =
    url !== undefined && !isTlsUrl(url) && urls.some(isTlsUrl) && !isTlsUrl(flags.broadcastUrl ?? '');
  return isForOthers ? Object.fromEntries(Object.keys(TLS_FLAG_NAMES).map((key) => [key, undefined])) : {};
}
