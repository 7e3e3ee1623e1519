const MENDS: readonly [RegExp, string][] = [
  [
    /CERT|UNABLE_TO_(GET|VERIFY)/,
    'A proxy on the way signs with a certificate of its own: set NODE_EXTRA_CA_CERTS to its file where Baton starts',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)$/,
    'Check the network of this machine; behind a proxy set HTTPS_PROXY where Baton starts',
  ],
  [/^(E401|E403|ENEEDAUTH)$/, 'The registry wants a sign-in: check the registry and its token in .npmrc'],
  [/^(E404|ETARGET)$/, 'The registry does not have it: check which registry .npmrc names'],
  [/^(EACCES|EPERM|EROFS)$/, 'Give the user that runs Baton the right to write there'],
  [/^EBADENGINE$/, 'Install the Node that it wants, and start Baton with it'],
];

/** Of what npm wrote: why it failed, and what to do where that is known. Empty when it does not say. Pure. */
export function toNpmReason(lines: readonly string[]): string {
  const errors = lines.flatMap((line) => /^npm error (?!A complete log)(.+)$/.exec(line)?.[1] ?? []);
  if (errors.length === 0) return '';
  const code = errors.flatMap((line) => /^code (\S+)/.exec(line)?.[1] ?? [])[0] ?? '';
  const words = errors.filter((line) => !/^(code|errno|syscall|path) /.test(line));
  const why = (words.length === 0 ? errors : words).slice(0, 3).join('; ');
  const mend = MENDS.find(([codes]) => codes.test(code))?.[1];
  return mend === undefined ? `: ${why}` : `: ${why.replace(/\.$/, '')}. ${mend}`;
}
