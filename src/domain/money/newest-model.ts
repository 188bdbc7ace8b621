import { retiresBefore } from '../replayed/capacity/retired-models.ts';

/** The family that a room is counted with: larger ones cost several times as much, and have lower limits. */
const MIDDLE = 'sonnet';
/** For small tasks: only where there is no other. */
const SMALL = 'haiku';
const LAST = 2;

const NAME = /claude-(?:([a-z]+)-(\d{1,2})(?:-(\d{1,2}))?|(\d{1,2})(?:-(\d{1,2}))?-([a-z]+))(?![a-z0-9])/i;

/** What is taken for a plan that names no model, and why. */
export interface ChosenModel {
  readonly model: string;
  /** A sentence or two for whoever reads the plan. */
  readonly why: string;
}

/**
 * The newest Claude by the version in its name, of those that its maker does not retire before the workshop is over;
 * within the newest major version a sonnet before larger ones. Undefined where there is none.
 * @param listed names of endpoints that answer
 * @param end epoch milliseconds
 */
export function newestModel(listed: readonly string[], end: number): ChosenModel | undefined {
  const known = listed
    .flatMap((name) => versionIn(name) ?? [])
    .toSorted(preferredFirst)
    .map(({ name }) => ({ name, retired: retiresBefore(name, end) }));
  const lasting = known.filter(({ retired }) => retired === undefined);
  const [chosen] = lasting;
  if (chosen === undefined) return undefined;
  const passedOver = known
    .slice(0, known.indexOf(chosen))
    .map(({ name, retired }) => `${name} (retired${retired?.on === undefined ? '' : ` on ${retired.on}`})`)
    .join(', ');
  return {
    model: chosen.name,
    why:
      `serving.model is left out: ${chosen.name} is taken, of the ${known.length} Claude models that the workspace ` +
      'lists the newest that its maker does not retire before the workshop is over, a sonnet before larger ones' +
      `${passedOver === '' ? '' : `; passed over: ${passedOver}`}. To choose yourself, write one of them: ` +
      `${lasting.map(({ name }) => name).join(', ')}.`,
  };
}

interface Versioned {
  readonly name: string;
  /** 0 for the family that is preferred, {@link LAST} for small ones. */
  readonly rank: number;
  readonly version: readonly [number, number];
}

/** Names that say no version are somebody's own: whether they are new nobody can tell. */
function versionIn(name: string): Versioned | undefined {
  const [, after, major, minor, majorBefore, minorBefore, before] = NAME.exec(name) ?? [];
  const family = (after ?? before)?.toLowerCase();
  if (family === undefined) return undefined;
  return {
    name,
    rank: family === MIDDLE ? 0 : family === SMALL ? LAST : 1,
    version: [Number(major ?? majorBefore), Number(minor ?? minorBefore ?? 0)],
  };
}

const preferredFirst = (a: Versioned, b: Versioned): number =>
  Number(a.rank === LAST) - Number(b.rank === LAST) ||
  b.version[0] - a.version[0] ||
  a.rank - b.rank ||
  b.version[1] - a.version[1] ||
  a.name.localeCompare(b.name);
