import type { Pace } from './pace.ts';

/** Everything between the worker and an answer of Claude Code on a cluster, in the order in which it is needed. */
export const HOPS = ['cli', 'proxy', 'api', 'tunnel', 'sshd', 'binary', 'token', 'endpoint', 'claude'] as const;
export type HopId = (typeof HOPS)[number];

/** What each hop cannot do without. Whatever else fails, it is tried. */
const NEEDS: Readonly<Record<HopId, readonly HopId[]>> = {
  cli: [], proxy: [], api: ['cli', 'proxy'], tunnel: ['api'], sshd: ['tunnel'],
  binary: ['sshd'], token: ['sshd'], endpoint: ['sshd', 'token'], claude: ['binary', 'endpoint'],
};

/** The hops that are about the cluster itself: a job on it can try them, too. */
export const HOPS_ON_CLUSTER: readonly HopId[] = ['binary', 'token', 'endpoint', 'claude'];

/** What came of trying one. */
export type Tried =
  | { readonly state: 'passed'; readonly said: string }
  /** With what to do next. */
  | { readonly state: 'failed'; readonly said: string; readonly hint: string }
  /** It cannot be tried from here; `forAPerson` says that somebody could, elsewhere. */
  | { readonly state: 'not tried'; readonly said: string; readonly forAPerson?: true };

/** One hop of the chain. `ms` is how long it took, milliseconds. */
export type Hop = Tried & { readonly id: HopId; readonly ms: number };

/** That a hop cannot be tried, because of one that it needs; undefined when it can. */
export function heldBack(id: HopId, before: readonly Hop[]): Hop | undefined {
  const missing = before.find((hop) => NEEDS[id].includes(hop.id) && hop.state !== 'passed');
  if (!missing) return undefined;
  const forAPerson = missing.state === 'not tried' && missing.forAPerson === true;
  return { id, ms: 0, state: 'not tried', said: `it needs ${missing.id}`, ...(forAPerson ? { forAPerson } : {}) };
}

export const failedHops = (hops: readonly Hop[]): (Hop & { state: 'failed' })[] => hops.filter((hop) => hop.state === 'failed');

/** Those that somebody else has to try, because the worker or the cluster cannot. */
export const hopsForAPerson = (hops: readonly Hop[]): (Hop & { state: 'not tried' })[] =>
  hops.filter((hop) => hop.state === 'not tried').filter((hop) => hop.forAPerson === true);

/** Why a person has to try them: the first reason is that of all who need it. */
export const whyForAPerson = (hops: readonly Hop[]): string => hopsForAPerson(hops)[0]?.said ?? '';

/** How long hops may take, milliseconds: all together, the first connection, and each of the others. */
export const chainLimits = ({ launch, step, call }: Pace): { readonly whole: number; readonly tunnel: number; readonly hop: number } =>
  ({ whole: launch + step, tunnel: launch, hop: 2 * call });

/** All hops in one line: `hops passed: cli 36 ms, …; failed: sshd (why); not tried: …`. */
export function hopsSaid(hops: readonly Hop[]): string {
  const those = (state: Hop['state']) => hops.filter((hop) => hop.state === state);
  const parts = [
    ['hops passed', those('passed').map(({ id, ms }) => (ms > 0 ? `${id} ${ms} ms` : id))],
    ['failed', those('failed').map(({ id, said }) => `${id} (${said})`)],
    ['not tried', those('not tried').map(({ id }) => id)],
  ] as const;
  return parts.filter(([, names]) => names.length > 0).map(([title, names]) => `${title}: ${names.join(', ')}`).join('; ');
}

/** One hop for a page: `tunnel    passed     3310 ms  the SSH server …`. */
export const hopLine = (hop: Hop): string =>
  `${hop.id.padEnd(9)} ${hop.state.padEnd(9)} ${(hop.ms > 0 ? `${hop.ms} ms` : '').padStart(9)}  ${hop.said}${hop.state === 'failed' ? ` -> ${hop.hint}` : ''}`;
