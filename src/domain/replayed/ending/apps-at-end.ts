/** An app that somebody of the workshop made during it. */
export interface PersonsApp {
  readonly name: string;
  readonly creator: string;
  /** Of its compute, which is what costs money. */
  readonly state: string;
}

/** An app whose compute ran when it was looked at. */
export interface RunningApp {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  /** A large app costs twice what one of medium size does (docs/facts/apps-clients.md section 7). */
  readonly size: 1 | 2;
}

/** People's apps, when they were looked at last. */
export interface AppsAtEnd {
  /** What the plan wants of them. */
  readonly afterwards: 'keep' | 'stop' | 'delete';
  /** All that were ever found, those that are gone since too. */
  readonly names: readonly string[];
  /** Those that are there still, in any state. */
  readonly there: readonly PersonsApp[];
  /** Those that would not end, in the workspace's words. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
  /** Those that ran before any was told to end, and when that was, epoch milliseconds. */
  readonly ran?: readonly RunningApp[];
  readonly lookedAt?: number;
  /** Time that they ran up to then, in milliseconds of an app of medium size. */
  readonly upMs?: number;
}

/** Nothing is paid for these. */
const FREE = ['STOPPED', 'DELETING'];

/** Those that cost money, or may: a state that nobody knows counts too. */
export const runningApps = ({ there }: Pick<AppsAtEnd, 'there'>): PersonsApp[] =>
  there.filter(({ state }) => costsMoney(state));

/** @param state of an app's compute */
export const costsMoney = (state: string): boolean => !FREE.includes(state);

/**
 * Adds the time since the look before. What ran then or runs now is taken to have run in between: it is a little too
 * much where somebody stopped theirs, and never too little.
 */
export function meteredApps(before: AppsAtEnd | undefined, found: AppsAtEnd, now: number): AppsAtEnd {
  const ran = new Map([...(before?.ran ?? []), ...(found.ran ?? [])].map((app) => [app.name, app]));
  const since = before?.lookedAt ?? 0;
  const added = [...ran.values()].reduce(
    (sum, { madeAt, size }) => sum + size * Math.max(0, now - Math.max(since, madeAt)),
    0,
  );
  return { ...found, lookedAt: now, upMs: (before?.upMs ?? 0) + added };
}

/** Those that are not as the plan wants them yet. */
export function notEndedYet({ afterwards, there }: Pick<AppsAtEnd, 'afterwards' | 'there'>): readonly PersonsApp[] {
  if (afterwards === 'keep') return [];
  return afterwards === 'delete' ? there : runningApps({ there });
}

/** `5 apps of the workshop's people: 5 stopped. Apps still running: 0`. */
export function appsInWords(apps: AppsAtEnd): string {
  const { afterwards, names, there } = apps;
  const made = names.length;
  if (made === 0) return 'nobody made an app. Apps still running: 0';
  const running = runningApps(apps);
  const stopped = there.filter(({ state }) => state === 'STOPPED').length;
  const deleting = there.filter(({ state }) => state === 'DELETING').length;
  const gone = made - there.length;
  const parts = [
    ...(stopped > 0 ? [`${stopped} stopped, startable again`] : []),
    ...(gone > 0 ? [`${gone} deleted`] : []),
    ...(deleting > 0 ? [`${deleting} on the way out, which keeps a place for up to 20 minutes`] : []),
  ];
  const done = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  const named = running.map(({ name, creator }) => `${name} (${creator})`).join(', ');
  const kept = afterwards === 'keep' && running.length > 0 ? ', as the plan wants' : '';
  return (
    `${made} ${made === 1 ? 'app' : 'apps'} made by the people of the workshop${done}. ` +
    `Apps still running: ${running.length}${named === '' ? '' : `: ${named}`}${kept}`
  );
}
