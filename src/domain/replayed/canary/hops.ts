import type { Pace } from '../time/pace.ts';

/** Everything between the worker and an answer of Claude Code on a cluster, in the order in which it is needed. */
export const HOPS = ['cli', 'proxy', 'api', 'tunnel', 'sshd', 'binary', 'token', 'endpoint', 'claude'] as const;
export type HopId = (typeof HOPS)[number];

/** What each hop cannot do without. Whatever else fails, it is tried. */
const NEEDS: Readonly<Record<HopId, readonly HopId[]>> = {
  cli: [],
  proxy: [],
  api: ['cli', 'proxy'],
  tunnel: ['api'],
  sshd: ['tunnel'],
  binary: ['sshd'],
  token: ['sshd'],
  endpoint: ['sshd', 'token'],
  claude: ['binary', 'endpoint'],
};

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

/** Whether a cluster gets to where VS Code's server is downloaded from, and what it said of that. */
export interface ServerDownload {
  readonly reached: boolean;
  readonly said: string;
}

/** What a job on the cluster saw of the hops that are about the cluster itself. */
export type SeenByJob =
  | {
      readonly ran: true;
      readonly hops: Readonly<Partial<Record<HopId, Tried | undefined>>>;
      readonly serverDownload?: ServerDownload | undefined;
    }
  /** `silent`: the workspace says that it went well, and nothing of what it was to print is there. */
  | { readonly ran: false; readonly silent: boolean; readonly why: string };

/** A job looks at several hops at once: none of them has a time of its own. */
const BY_A_JOB = ' (seen by a job)';

/** Whether a job on the cluster could tell more: nobody came as far as its shell. */
export const wantsJob = (hops: readonly Hop[]): boolean =>
  hops.some(({ id, state }) => id === 'sshd' && state !== 'passed');

/**
 * The hops, with what a job on the same cluster saw of those that no connection came to. A cluster on which jobs end
 * well and print nothing runs nothing at all: that the SSH server's job ended there, too, is no failure, and left to a
 * person.
 */
export function withJob(hops: readonly Hop[], bootstrapFailed: boolean, job: SeenByJob): Hop[] {
  const runsNothing = bootstrapFailed && !job.ran && job.silent;
  const all: Hop[] = [];
  for (const hop of hops) {
    const seen = job.ran && hop.state === 'not tried' ? job.hops[hop.id] : undefined;
    if (seen) all.push({ id: hop.id, ms: 0, ...seen, said: `${seen.said}${BY_A_JOB}` });
    else if (runsNothing && hop.id === 'tunnel')
      all.push({
        id: hop.id,
        ms: hop.ms,
        state: 'not tried',
        said: `jobs on this cluster end without having run: ${!job.ran ? job.why : ''}`,
        forAPerson: true,
      });
    else if (!heldBack(hop.id, hops)) all.push(hop);
    else all.push(heldBack(hop.id, all) ?? { ...hop, said: 'a job does not try it' });
  }
  return all;
}

export const failedHops = (hops: readonly Hop[]): (Hop & { state: 'failed' })[] =>
  hops.filter((hop) => hop.state === 'failed');

/** Those that somebody else has to try, because the worker or the cluster cannot. */
export const hopsForAPerson = (hops: readonly Hop[]): (Hop & { state: 'not tried' })[] =>
  hops.filter((hop) => hop.state === 'not tried').filter((hop) => hop.forAPerson === true);

/** Why a person has to try them: the first reason is that of all who need it. */
export const whyForAPerson = (hops: readonly Hop[]): string => hopsForAPerson(hops)[0]?.said ?? '';

/** How long hops may take, milliseconds. */
export interface ChainLimits {
  /** All hops together. */
  readonly whole: number;
  /** The first connection, which starts the SSH server. */
  readonly tunnel: number;
  /** Each of the others. */
  readonly hop: number;
}

export const chainLimits = ({ launch, step, call }: Pace): ChainLimits => ({
  whole: launch + step,
  tunnel: launch,
  hop: 2 * call,
});

/** All hops in one line: `hops passed: cli 36 ms, …; failed: sshd (why); not tried: …`. */
export function hopsSaid(hops: readonly Hop[]): string {
  const those = (state: Hop['state']) => hops.filter((hop) => hop.state === state);
  const parts = [
    [
      'hops passed',
      those('passed').map(({ id, ms, said }) =>
        said.endsWith(BY_A_JOB) ? `${id} in a job` : ms > 0 ? `${id} ${ms} ms` : id,
      ),
    ],
    ['failed', those('failed').map(({ id, said }) => `${id} (${said})`)],
    ['not tried', those('not tried').map(({ id }) => id)],
  ] as const;
  return parts
    .filter(([, names]) => names.length > 0)
    .map(([title, names]) => `${title}: ${names.join(', ')}`)
    .join('; ');
}

/** One hop for a page: `tunnel    passed     3310 ms  the SSH server …`. */
export const hopLine = (hop: Hop): string =>
  `${hop.id.padEnd(9)} ${hop.state.padEnd(9)} ${(hop.ms > 0 ? `${hop.ms} ms` : '').padStart(9)}  ` +
  `${hop.said}${hop.state === 'failed' ? ` -> ${hop.hint}` : ''}`;
