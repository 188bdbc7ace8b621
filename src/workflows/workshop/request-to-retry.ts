import { setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { isDone, isForAPerson, type Item } from '../../domain/replayed/checklist/item.ts';
import type { LineId } from '../../domain/replayed/checklist/lines.ts';
import { EVERYTHING, retryInput, type Receipt } from '../../domain/replayed/checklist/requests.ts';
import { normaliseEmail } from '../../domain/replayed/seat/email.ts';
import { retry } from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';
import { letLaunchesGoOn } from '../people/launch-stop.ts';
import { named } from './named-line.ts';
import { readOrRefuse, refuseUpdate } from './refusals.ts';

/** What these lines wait for happens at people's seats: whoever asks for one of them asks every seat that failed. */
const ABOUT_SEATS: readonly LineId[] = [
  'testers',
  'people',
  'pre-provision',
  'access',
  'letters',
  'testers-again',
  'clusters',
  'checks',
  'watch',
  'launches',
];

/**
 * Another try, of a line or of one person's seat. Whoever asks is always heard: it is tried now, or they are told when
 * it will be, or why nobody has to.
 */
export function hearRetry(w: Lifecycle): void {
  setHandler(
    retry,
    async (input) => {
      const { item: what, by } = z.parse(retryInput, input);
      if (what === EVERYTHING) return retryAll(w, by);
      const email = personNamed(w, what);
      if (email !== undefined) {
        await w.crowd.tryAgain(email);
        const when = w.isPaused ? 'tried as soon as the workshop is resumed,' : 'tried again';
        return { recorded: `${email}: ${when} for ${by}` };
      }
      const line = named(w, what);
      const follows = whatFollows(w, line);
      // Of a line that has passed, only the people are tried again who are not well since.
      if (!isDone(line)) w.lines.askAgain(line.id);
      if (ABOUT_SEATS.includes(line.id)) {
        letLaunchesGoOn(w, `${by} said so`);
        await w.crowd.tryAgain();
      }
      return { recorded: `${line.id}: ${follows}, for ${by}` };
    },
    {
      validator: (input) => {
        const { item: what } = readOrRefuse(retryInput, input);
        if (what === EVERYTHING || personNamed(w, what) !== undefined) return;
        const item = named(w, what);
        if (isForAPerson(item)) refuseUpdate(`"${item.id}" is for a person: sign it off or waive it`);
        if (isDone(item) && !ABOUT_SEATS.includes(item.id))
          refuseUpdate(`"${item.id}" is ${item.state}: there is nothing to try again`);
      },
    },
  );
}

/** Every line that failed and everybody whose seat did, in one go; what is under way too, should it fail. */
async function retryAll(w: Lifecycle, by: string): Promise<Receipt> {
  const lines = w.checklist.items.filter((item) => !isForAPerson(item));
  const failed = lines.filter(({ state }) => state === 'failed').map(({ id }) => id);
  const underWay = lines.filter(({ state }) => state === 'running').map(({ id }) => id);
  for (const id of [...failed, ...underWay]) w.lines.askAgain(id);
  const { byState, unwritten } = w.totals();
  const people = byState.failed ?? 0;
  letLaunchesGoOn(w, `${by} said so`);
  await w.crowd.tryAgain();
  const when = w.isPaused ? 'as soon as the workshop is resumed' : 'now';
  const counts = [
    `${counted(failed.length, 'line', 'lines')} that failed${failed.length > 0 ? ` (${failed.join(', ')})` : ''}`,
    counted(people, 'person whose seat failed', 'people whose seat failed'),
    ...(unwritten > 0 ? [counted(unwritten, 'letter', 'letters')] : []),
  ];
  const again = underWay.length > 0 ? `; once more at once if it fails: ${underWay.join(', ')}` : '';
  return { recorded: `tried again ${when}: ${counts.join(', ')}${again}, for ${by}` };
}

const counted = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

/** The address, if it is somebody's who has a seat. */
function personNamed(w: Lifecycle, what: string): string | undefined {
  const email = normaliseEmail(what);
  return email !== undefined && w.crowd.hasSeat(email) ? email : undefined;
}

function whatFollows(w: Lifecycle, { id, state, needs, heading }: Item): string {
  const now = w.isPaused ? 'as soon as the workshop is resumed' : 'now';
  const seats = ABOUT_SEATS.includes(id) ? `; every person whose seat failed is tried again ${now}` : '';
  if (state === 'failed') return `tried again ${now}${seats}`;
  if (state === 'running') return `under way, and tried once more at once if that fails${seats}`;
  if (state !== 'waiting') return `is ${state}${seats}`;
  const missing = needs.filter((need) => !w.checklist.isDone(need));
  const first = missing[0];
  if (first === undefined) return `begins with "${heading}"${seats}`;
  const failed = missing.find((need) => w.checklist.item(need)?.state === 'failed');
  return failed === undefined
    ? `begins as soon as ${missing.join(', ')} is done${seats}`
    : `waits for "${failed}", which failed (bin/workshop retry ${w.plan.id} ${failed})${seats}`;
}
