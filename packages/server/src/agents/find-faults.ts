import type { AgentFault, BackendView } from '@baton/protocol';
import { compareVersions } from './compare-versions.ts';
import type { KnownAgent, ProxySupport } from './known-agent.ts';

/** What was seen of one agent's program, without starting more of it than `--version`. */
export interface Inspection {
  view: BackendView;
  known: KnownAgent | undefined;
  /** As one would type it. */
  installCommand: string | undefined;
  /** A file of the program's name that cannot be run. */
  lame?: string | undefined;
  /** What is to run the program, and is not there. */
  interpreter?: string | undefined;
  /** What runs the program, when it is a script of Node. */
  script?: { needs?: string | undefined; foundUnder?: string | undefined } | undefined;
  /** The Node on the agent's PATH. */
  node?: { version: string; under?: string | undefined } | undefined;
  env: Readonly<Record<string, string | undefined>>;
}

/** Everything that is known to be wrong, worst first, each with its mend. Pure. */
export function findFaults(seen: Inspection): AgentFault[] {
  const faults = [toMissing(seen), ...toNodeFaults(seen), toTooOld(seen), toSignedOut(seen), toProxyFault(seen)];
  return faults.filter((fault) => fault !== undefined);
}

function toMissing({ view, known, lame, installCommand, interpreter }: Inspection): AgentFault | undefined {
  const again = installCommand === undefined ? 'Install it again' : `Install it again, or run: ${installCommand}`;
  if (view.installed) {
    if (interpreter === undefined) return undefined;
    const what = `${view.title} is a script for "${interpreter}", which is not there`;
    return { kind: 'does-not-run', what, mend: again };
  }
  if (lame !== undefined) {
    const what = `${lame} is there and cannot be run`;
    return { kind: 'not-executable', what, mend: `Allow it: chmod +x "${lame}"` };
  }
  if (view.problem?.includes('does not run') === true) {
    return { kind: 'does-not-run', what: toSentence(view.problem), mend: again };
  }
  if (view.problem?.includes('does not answer') === true) {
    return { kind: 'does-not-run', what: toSentence(view.problem), mend: toAdvice(view) };
  }
  // Of an agent that Baton does not know it matters where its program was looked for.
  const what =
    known === undefined && view.problem !== undefined
      ? toSentence(view.problem)
      : `${view.title} is not on this machine`;
  const mend = installCommand === undefined ? toAdvice(view) : `Install it, or run: ${installCommand}`;
  return { kind: 'not-found', what, mend };
}

function toAdvice({ problem }: BackendView): string {
  const [, ...rest] = toSentences(problem ?? '');
  return rest.length === 0 ? 'Install the program, or correct its command' : rest.join(' ');
}

function toSentence(text: string): string {
  return toSentences(text)[0] ?? text;
}

function toSentences(text: string): string[] {
  return text.split(/(?<=[.)])\s+(?=[A-Z])/).map((each) => each.replace(/\.$/, ''));
}

function toNodeFaults({ script, node, view }: Inspection): AgentFault[] {
  if (!view.installed || script === undefined) return [];
  if (node === undefined) {
    const what = `${view.title} runs on Node, and there is no "node" on PATH`;
    return [{ kind: 'other-node', what, mend: 'Start Baton from a terminal where "node --version" answers' }];
  }
  const faults: AgentFault[] = [];
  const { needs, foundUnder } = script;
  if (needs !== undefined && compareVersions(node.version, needs) < 0) {
    const what = `${view.title} needs Node ${needs} or newer, and PATH has Node ${node.version}`;
    faults.push({
      kind: 'node-too-old',
      what,
      mend: `Install Node ${needs.split('.')[0] ?? needs} or newer, and start Baton again`,
    });
  }
  if (foundUnder !== undefined && foundUnder !== node.under) {
    const what = `It was installed for Node ${foundUnder}, and runs on the Node ${node.version} of PATH`;
    faults.push({
      kind: 'other-node',
      what,
      mend: `Install it for this Node too, or start Baton after: nvm use ${foundUnder}`,
    });
  }
  return faults;
}

function toTooOld({ view, known, installCommand }: Inspection): AgentFault | undefined {
  const { version } = view;
  if (known?.oldest === undefined || version === undefined || !/^\d/.test(version)) return undefined;
  if (compareVersions(version, known.oldest) >= 0) return undefined;
  const what = `Version ${version} is older than ${known.oldest}, the oldest that Baton is tested with`;
  return {
    kind: 'too-old',
    what,
    mend: `Update it${installCommand === undefined ? '' : `, or run: ${installCommand}`}`,
  };
}

function toSignedOut({ view, known }: Inspection): AgentFault | undefined {
  if (!view.installed || view.authenticated !== 'no') return undefined;
  const keys = (known?.keys ?? []).join(' or ');
  const byKey = keys === '' ? '' : `set ${keys} where Baton starts`;
  if (known?.login === undefined) {
    const what = keys === '' ? `${view.title} is not signed in` : `${view.title} has no key for a model`;
    return {
      kind: 'not-signed-in',
      what,
      mend: byKey === '' ? toAdvice(view) : `${byKey[0]?.toUpperCase()}${byKey.slice(1)}`,
    };
  }
  return { kind: 'not-signed-in', what: `${view.title} is not signed in`, mend: `Sign in, or ${byKey}` };
}

function toProxyFault({ view, known, env }: Inspection): AgentFault | undefined {
  const why = known === undefined || !view.installed ? undefined : PROXY_FAULTS[known.proxy](toProxies(env));
  return why === undefined ? undefined : { kind: 'proxy-ignored', what: `${view.title} ${why.what}`, mend: why.mend };
}

interface Proxies {
  http: string;
  all: string;
  exceptions: string;
  nodeHeeds: boolean;
}

type ProxyFault = { what: string; mend: string } | undefined;

const PROXY_FAULTS: Record<ProxySupport, (proxies: Proxies) => ProxyFault> = {
  http({ http, all }) {
    const mend = 'Set HTTPS_PROXY to an http:// proxy';
    if (http.startsWith('socks')) return { what: 'takes no SOCKS proxy, and HTTPS_PROXY names one', mend };
    return http === '' && all !== '' ? { what: 'ignores ALL_PROXY, and HTTPS_PROXY is not set', mend } : undefined;
  },
  all: () => undefined,
  loopback({ http, all, exceptions }) {
    const excepted = /(^|,|\s)(\*|localhost|127\.0\.0\.1)(,|\s|$)/.test(exceptions);
    if ((http === '' && all === '') || excepted) return undefined;
    const what = 'sends what it says to itself through the proxy too';
    return { what, mend: 'Set NO_PROXY=localhost,127.0.0.1 where Baton starts' };
  },
  node({ http, all, nodeHeeds }) {
    if ((http === '' && all === '') || nodeHeeds) return undefined;
    const what = 'ignores the proxy that is set: Node uses one only when told to';
    return { what, mend: 'Start Baton with NODE_USE_ENV_PROXY=1' };
  },
  unknown: () => undefined,
};

function toProxies(env: Inspection['env']): Proxies {
  const read = (name: string) => env[name] || env[name.toLowerCase()] || '';
  return {
    http: read('HTTPS_PROXY') || read('HTTP_PROXY'),
    all: read('ALL_PROXY'),
    exceptions: read('NO_PROXY'),
    nodeHeeds: env['NODE_USE_ENV_PROXY'] === '1' || /--use-env-proxy/.test(env['NODE_OPTIONS'] ?? ''),
  };
}
