/** So many workflows share a workshop's messages at most; all of them, where an earlier version began it. */
export const OUTBOXES = 16;

/** What one of them carries to its end: five letters to each, and a history that has room for others. */
const PEOPLE_OF_ONE = 1_000;
const SAID = /-o(\d+)$/;

/**
 * A new run's id says how many outboxes its messages share: so everybody who writes for it, at whatever time, puts all
 * that goes to one address into the same. Few people share one, because what leaves together costs little.
 * @param unique nobody else's
 */
export const runIdFor = (unique: string, people: number): string =>
  `${unique}-o${Math.min(OUTBOXES, Math.max(1, Math.ceil(people / PEOPLE_OF_ONE)))}`;

/** How many share the messages of a run; undefined where an earlier version began it: then {@link OUTBOXES} do. */
export function outboxesOf(runId: string): number | undefined {
  const [, said] = SAID.exec(runId) ?? [];
  const outboxes = Number(said);
  return outboxes >= 1 && outboxes <= OUTBOXES ? outboxes : undefined;
}
