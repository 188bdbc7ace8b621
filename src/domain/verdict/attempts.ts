/** Something that was done for a seat, or that became of its cluster, as the history of its workflow has it. */
export interface Attempt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly what: 'create' | 'start' | 'stop' | 'look' | 'find' | 'open' | 'share' | 'job' | 'news' | 'asked';
  /** Of a step that failed, or a cluster that ended: why. */
  readonly failed?: string;
  /** Of news: the cluster's state. */
  readonly state?: string;
}

/** Of each, what is said where it went well and where it did not. */
const WORDS: Readonly<Record<Attempt['what'], readonly [done: string, failed: string]>> = {
  create: ['a cluster was asked for', 'asking for a cluster failed'],
  start: ['the cluster was started', 'starting the cluster failed'],
  stop: ['the cluster was stopped', 'stopping the cluster failed'],
  look: ['its events were looked at', 'the look at its events failed'],
  find: ['looked up in the workspace', 'looking the person up failed'],
  open: ['rights were given', 'giving rights failed'],
  share: ['the cluster was handed to the person', 'handing the cluster over failed'],
  job: ['a job ran on it as the person', 'the job as the person failed'],
  news: ['', ''],
  asked: ['somebody asked for another try', ''],
};

/** One attempt in words; what a server said is in it as it came. */
export function attemptWords({ what, failed, state }: Attempt): string {
  const [done, notDone] = WORDS[what];
  if (what === 'news') return `seen ${state ?? ''}${failed === undefined ? '' : `: ${failed}`}`;
  return failed === undefined ? done : `${notDone}: ${failed}`;
}
