/** An app that somebody of the workshop made during it. */
export interface PersonsApp {
  readonly name: string;
  readonly creator: string;
  /** Of its compute, which is what costs money. */
  readonly state: string;
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
}

/** Nothing is paid for these. */
const FREE = ['STOPPED', 'DELETING'];

/** Those that cost money, or may: a state that nobody knows counts too. */
export const runningApps = ({ there }: Pick<AppsAtEnd, 'there'>): PersonsApp[] =>
  there.filter(({ state }) => !FREE.includes(state));

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
