// Which addresses are this machine's own.

/** Of an IPv4 or IPv6 address as a resolver or a URL writes it, without brackets. */
export function isLoopbackAddress(address: string): boolean {
  const lower = address.toLowerCase();
  return (
    /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(lower) || lower === '::1' || /^::ffff:7f[0-9a-f]{2}:/.test(lower)
  );
}
