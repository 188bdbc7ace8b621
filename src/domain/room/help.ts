import { z } from 'zod';
import { LONGEST, MOST } from '../replayed/room/bounds.ts';
import type { HandCheck } from '../replayed/room/room.ts';

/** The folder of the logs volume into which `help-me` writes. */
export const HELP_FOLDER = 'help';
/** Larger than any that `help-me` writes, in bytes. */
export const LARGEST_HELP = 20_000;

/** `0123-456789-abcdefgh-1803456789012.json`: of which cluster, and when by its clock, epoch milliseconds. */
const NAME = /^([\w-]{1,64})-(\d{13})\.json$/;

/** Of which cluster a file says that it is. Everybody may write there: that it is true is not known. */
export function helpFile(name: string): { readonly cluster: string; readonly at: number } | undefined {
  const [, cluster, at] = NAME.exec(name) ?? [];
  return cluster === undefined ? undefined : { cluster, at: Number(at) };
}

const cut = (longest: number) => z.string().transform((text) => text.trim().slice(0, longest));

const helpSchema = z.object({
  v: z.literal(1),
  cluster: z.string(),
  words: cut(LONGEST.words),
  checks: z
    .array(
      z.object({
        id: cut(40).pipe(z.string().min(1)),
        state: z.enum(['ok', 'warning', 'failed', 'skipped']),
        said: cut(LONGEST.said),
      }),
    )
    .max(MOST.checks),
});

/** What somebody asked for on their cluster. */
export interface HelpAsked {
  readonly words?: string;
  readonly checks: readonly HandCheck[];
}

/** Reads a file that `help-me` wrote; undefined for everything else. */
export function readHelp(text: string, cluster: string): HelpAsked | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = helpSchema.safeParse(given);
  if (!read.success || read.data.cluster !== cluster) return undefined;
  const { words, checks } = read.data;
  return { ...(words === '' ? {} : { words }), checks };
}

/** The same, of whose seat, and the file it stands in. */
export interface HelpHeard extends HelpAsked {
  readonly key: string;
  readonly file: string;
}

/** What listening came to. */
export type Heard =
  /** The workshop is over, or another run's: nobody listens any more. */
  | { readonly next: 'over' }
  /** Its day has not come. */
  | { readonly next: 'not yet' }
  | {
      readonly next: 'again';
      readonly asked: readonly HelpHeard[];
      /** Files that were taken before, and could not be deleted. */
      readonly left: readonly string[];
      /** How many files were not as `help-me` writes them, or of nobody's cluster. */
      readonly ignored: number;
    };
