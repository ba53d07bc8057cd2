// The four origin rules for the test subjects' hub, on a deliberately narrow pattern: what browsers and command lines
// send is decided right, and whatever else a URL parser might let through is refused.
const LOCAL_ORIGIN = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d*)?$/;

export function isOriginAllowed(values: readonly string[], allowedOrigins: readonly string[]): boolean {
  if (values.length > 1) return false;
  const origin = values[0] ?? '';
  return origin === '' || allowedOrigins.includes(origin) || LOCAL_ORIGIN.test(origin);
}
