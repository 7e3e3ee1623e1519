import { expect, test } from 'vitest';
import { toNpmReason } from './npm-reason.ts';

const failed = (code: string, why: string) => [
  'npm http fetch GET https://registry.npmjs.org/opencode-ai attempt 3 failed',
  `npm error code ${code}`,
  `npm error errno ${code}`,
  `npm error ${why}`,
  'npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log',
];

test('why npm failed is said in its own words, without its codes, and then what to do', () => {
  expect(toNpmReason(failed('SELF_SIGNED_CERT_IN_CHAIN', 'request failed, reason: self-signed certificate'))).toBe(
    ': request failed, reason: self-signed certificate. A proxy on the way signs with a certificate of its own: set NODE_EXTRA_CA_CERTS to its file where Baton starts',
  );
  expect(toNpmReason(failed('ENOTFOUND', 'request failed, reason: getaddrinfo ENOTFOUND'))).toContain(
    '. Check the network of this machine; behind a proxy set HTTPS_PROXY',
  );
  expect(toNpmReason(failed('E404', '404 Not Found.'))).toMatch(/: 404 Not Found\. The registry does not have it/);
});

test('what is not known is told as npm says it', () => {
  expect(toNpmReason(failed('EODD', 'something odd'))).toBe(': something odd');
  expect(toNpmReason(['npm error code EODD'])).toBe(': code EODD');
  expect(toNpmReason(['fetching'])).toBe('');
});
