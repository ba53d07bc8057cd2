// Which offer of compression the hub accepts (RFC 7692 7.1). All clients that agree share one compressed frame for each
// event, so what asks for a smaller window is declined, as is everything that the RFC does not allow: a client whose
// offers are declined is served without compression.

interface Offer {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[];
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const EXTENSION = new RegExp(`^\\s*${TOKEN}(?:\\s*;\\s*${TOKEN}(?:\\s*=\\s*(?:${TOKEN}|"${TOKEN}"))?)*\\s*$`);
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;

/** What is allowed as value of each parameter that the hub can meet. */
const PARAMETERS: Readonly<Record<string, (value: string | undefined) => boolean>> = {
  server_no_context_takeover: (value) => value === undefined,
  client_no_context_takeover: (value) => value === undefined,
  client_max_window_bits: (value) => value === undefined || WINDOW_BITS.test(value),
};

/** Whether one of the offers in a Sec-WebSocket-Extensions header is compression as the hub does it. */
export function hasAcceptableOffer(header: string | undefined): boolean {
  return (parseOffers(header ?? '') ?? []).some(
    ({ name, parameters }) =>
      name === 'permessage-deflate' &&
      new Set(parameters.map(([parameter]) => parameter)).size === parameters.length &&
      parameters.every(
        ([parameter, value]) => Object.hasOwn(PARAMETERS, parameter) && PARAMETERS[parameter]?.(value),
      ),
  );
}

/** Undefined for a header that is not a list of extensions (RFC 6455 9.1). No value may contain a comma. */
function parseOffers(header: string): Offer[] | undefined {
  const texts = header.split(',').filter((text) => text.trim() !== '');
  if (!texts.every((text) => EXTENSION.test(text))) return undefined;
  return texts.map((text) => {
    const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
    return { name, parameters: parameters.map(parseParameter) };
  });
}

function parseParameter(text: string): readonly [string, string | undefined] {
  const [name = '', value] = text.split('=').map((part) => part.trim());
  return [name, value?.replaceAll('"', '')];
}
