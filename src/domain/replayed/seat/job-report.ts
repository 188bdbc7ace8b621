import { z } from 'zod';

/**
 * How the one line begins that the job on a person's cluster prints for programs (init-scripts/jobs/as-attendee.py).
 */
const MARK = 'workshop-job: ';

/** What a person is shown of somebody else's words. */
const words = (longest: number) => z.string().transform((text) => text.slice(0, longest));

const line = z.object({
  id: words(40),
  state: z.enum(['ok', 'warning', 'failed', 'skipped']),
  said: words(300),
  next: words(300).default(''),
});

/** What `check-claude --json` prints. */
export const checkReport = z.object({
  ok: z.boolean(),
  version: words(40).nullish(),
  person: words(320).nullish(),
  checks: z.array(line).min(1).max(60),
});
export type CheckReport = z.output<typeof checkReport>;

export const SAVED_STATES = ['saved', 'nothing', 'failed'] as const;

const saved = z.object({
  state: z.enum(SAVED_STATES),
  files: z.int().min(0),
  bytes: z.int().min(0),
  where: words(600).nullish(),
  kept: z.boolean().nullish(),
  left: z.int().min(0).nullish(),
  said: words(600),
});

const report = z.object({
  check: checkReport.nullish(),
  saved: saved.nullish(),
  seeded: z.object({ state: words(40), said: words(300) }).nullish(),
});

/**
 * What a job on somebody's cluster found, in its own words. Whoever is root there can make it say anything: it is
 * believed about their own cluster only.
 */
export type JobReport = z.output<typeof report>;

/** Reads what the job printed; undefined when the line is not there, or is not what it should be. */
export function readJobReport(printed: string): JobReport | undefined {
  const last = printed.split(/\r?\n/).findLast((text) => text.startsWith(MARK));
  if (last === undefined) return undefined;
  try {
    return z.safeParse(report, JSON.parse(last.slice(MARK.length))).data;
  } catch {
    return undefined;
  }
}
