import {
  evidenceText,
  fingerprintOf,
  LAPTOP_CHECKS,
  type LaptopCheck,
  type LaptopEvidence,
} from './laptop-evidence.ts';
import { DAY } from '../replayed/time/units.ts';

interface Demand {
  /** Checks that must have passed. */
  readonly passed: readonly LaptopCheck[];
  /** More that must be so, in words where it is not. */
  readonly lacks?: (evidence: LaptopEvidence) => string | undefined;
}

/** The sign-offs that a laptop check can speak for, and what it has to show. */
const DEMANDS: Readonly<Record<string, Demand>> = {
  proxy: { passed: ['reach', 'sign-in', 'tunnel', 'check-claude'] },
  'windows-zscaler': {
    passed: ['cli', 'ssh', 'reach', 'sign-in', 'tunnel'],
    lacks: ({ system, issuer }) =>
      system !== 'Windows'
        ? `it ran on ${system}, and Windows is asked for`
        : issuer !== 'Zscaler'
          ? 'no Zscaler was between that laptop and the workspace'
          : undefined,
  },
};

/** Whether a laptop check can speak for this item of the checklist. */
export const takesLaptopEvidence = (item: string): boolean => Object.hasOwn(DEMANDS, item);

/** A laptop changes: its proxy, its certificates, its CLI. */
const OLDEST_DAYS = 45;

/**
 * Why this is not enough to sign an item off, each a sentence's part; empty when it is.
 * @param host of the workspace, like `adb-1.2.azuredatabricks.net`; undefined when nobody knows it.
 * @param now epoch milliseconds.
 */
function whyNotEnough(
  item: string,
  evidence: LaptopEvidence,
  { host, now }: { readonly host: string | undefined; readonly now: number },
): string[] {
  const demand = DEMANDS[item];
  if (!demand) return [`no laptop check can speak for "${item}"`];
  const age = (now - Date.parse(evidence.day)) / DAY;
  const { checks } = evidence;
  const named = (result: 'failed' | 'not tested', among: readonly LaptopCheck[]): string =>
    among.filter((check) => checks[check] === result).join(', ');
  const failed = named('failed', LAPTOP_CHECKS);
  const untested = named('not tested', demand.passed);
  return [
    host !== undefined && fingerprintOf(host) !== evidence.host ? `it asked another workspace than ${host}` : undefined,
    age > OLDEST_DAYS ? `it is of ${evidence.day}, more than ${OLDEST_DAYS} days ago` : undefined,
    // A day ahead is what a time zone can do.
    age < -1 ? `it is of ${evidence.day}, which has not come yet` : undefined,
    failed === '' ? undefined : `failed there: ${failed}`,
    untested === '' ? undefined : `not tested there: ${untested}`,
    demand.lacks?.(evidence),
  ].filter((why) => why !== undefined);
}

/**
 * The note under which evidence is kept: each check in a sentence, then what the person says.
 * @param item of the checklist; for a no, no check can be too little.
 * @param force keeps what is lacking in the note instead of refusing it.
 */
export function laptopNote(
  item: string,
  evidence: readonly LaptopEvidence[],
  {
    answer,
    note,
    force,
    host,
    now,
  }: {
    readonly answer: 'yes' | 'no';
    readonly note: string | undefined;
    readonly force: boolean;
    readonly host: string | undefined;
    readonly now: number;
  },
): { readonly ok: true; readonly note: string } | { readonly ok: false; readonly why: string } {
  const notes: string[] = [];
  for (const one of evidence) {
    const lacking = answer === 'no' ? [] : whyNotEnough(item, one, { host, now });
    if (lacking.length > 0 && !force) return { ok: false, why: `${lacking.join('; ')}.\n${evidenceText(one)}` };
    notes.push(`${evidenceText(one)}${lacking.length > 0 ? `; signed off although ${lacking.join('; ')}` : ''}`);
  }
  return { ok: true, note: [...notes, ...(note === undefined ? [] : [note])].join('. ') };
}
