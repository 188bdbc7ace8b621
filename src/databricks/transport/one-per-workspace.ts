/**
 * The one of its kind in this process for each workspace: two connections to it do not get twice the share. Whoever
 * asks again for it tells it what holds from then on.
 */
export function onePerWorkspace<Options, One extends { configure(options: Options): void }>(
  create: (options: Options) => One,
): (origin: string, options: Options) => One {
  const known = new Map<string, One>();
  return (origin, options) => {
    const existing = known.get(origin);
    if (existing) {
      existing.configure(options);
      return existing;
    }
    const created = create(options);
    known.set(origin, created);
    return created;
  };
}
