/** What was found out about a workspace's limit on launches, which no page says. */
export interface LearntLaunches {
  /** Launches a second that go on and on, by the plan's own clock; left out while no refusal has told. */
  readonly perSecond?: number;
  /** At least so many go at once after a rest. */
  readonly atOnce: number;
  /** When that was known, epoch milliseconds. */
  readonly at: number;
}

/** The newest that says how quickly they go on, or the newest of all; undefined when nothing was learnt. */
function latestLearnt(all: readonly (LearntLaunches | undefined)[]): LearntLaunches | undefined {
  const known = all.filter((one) => one !== undefined).toSorted((a, b) => b.at - a.at);
  return known.find(({ perSecond }) => perSecond !== undefined) ?? known[0];
}

/** What carries the newest of it along. */
export interface WithLearnt {
  /** What was learnt last of the workspace's limit on launches; left out where nothing was. */
  readonly launches?: LearntLaunches;
}

export function withLearnt(all: readonly { readonly launches?: LearntLaunches | undefined }[]): WithLearnt {
  const launches = latestLearnt(all.map((one) => one.launches));
  return launches ? { launches } : {};
}

/** Whether that is what it seems: a report can be sent by anybody. */
export const isLearntLaunches = (given: unknown): given is LearntLaunches => {
  if (typeof given !== 'object' || given === null) return false;
  const { perSecond, atOnce, at } = given as Record<string, unknown>;
  const isRate = perSecond === undefined || (typeof perSecond === 'number' && perSecond > 0);
  return isRate && typeof atOnce === 'number' && typeof at === 'number';
};

/** "launches: about 0.8 a second, 40 at once". */
export function launchesSaid({ perSecond, atOnce }: Pick<LearntLaunches, 'perSecond' | 'atOnce'>): string {
  const once = `${atOnce} at once`;
  return perSecond === undefined
    ? `launches: at least ${once}, none was refused`
    : `launches: about ${Number(perSecond.toPrecision(2))} a second, ${once}`;
}
