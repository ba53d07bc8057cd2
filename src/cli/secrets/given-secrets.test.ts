// Secrets are known before anything is parsed: those of the command line, of the environment and of a plan file.
import { expect, it } from 'vitest';
import { createSecrets } from '../../kit/secrets.ts';
import { registerGivenSecrets, registerPlanSecrets } from './given-secrets.ts';

function afterArguments(...argv: readonly string[]) {
  const secrets = createSecrets();
  registerGivenSecrets(argv, { NORN_CLIENT_HEADER: 'X-Any: from-environment' }, secrets);
  return secrets;
}

it('knows the values of client headers that prove who somebody is, and of those in the environment', () => {
  const { redact } = afterArguments(
    ...['--client-header', 'Authorization: Bearer abcdef-1', '--client-header=Cookie: sid=abcdef-2'],
    ...['--client-header', 'X-App: shopping', '--client-header', 'Authorization: Bearer {token}'],
  );
  expect(redact('abcdef-1 abcdef-2 from-environment')).toBe('*** *** ***');
  expect(redact('shopping, Bearer {token}')).toBe('shopping, Bearer {token}');
});

it('knows those of a plan file, also of one cohort alone', () => {
  const secrets = createSecrets();
  registerPlanSecrets(
    [
      'client-header:',
      "  - 'Authorization: Bearer abcdef-1'",
      "  - 'X-App: shopping'",
      'cohort-client:',
      '  slow:',
      '    client-header: "Cookie: sid=abcdef-2"',
      '    origin: https://shopping.example',
    ].join('\n'),
    secrets,
  );
  expect(secrets.redact('abcdef-1 abcdef-2')).toBe('*** ***');
  expect(secrets.redact('shopping https://shopping.example')).toBe('shopping https://shopping.example');
});
