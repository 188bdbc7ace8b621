import { setTimeout as wait } from 'node:timers/promises';
import type { WorkshopReader } from '../../../reader.ts';
import type { PostOffice } from './post-office.ts';

/** What became of a rehearsal's messages: what its outbox says beside what its post office has. */
export interface MessagesSent {
  /** By channel and message. */
  readonly accepted: number;
  readonly refused: number;
  readonly inDoubt: number;
  readonly waiting: number;
  /** What the receivers have. */
  readonly arrived: number;
  /** Mails that came more than once. */
  readonly doubled: number;
}

const LONGEST_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** Waits until everything has left, a minute at most, and compares the books. */
export async function messagesSent(
  reader: Pick<WorkshopReader, 'messages'>,
  id: string,
  post: Pick<PostOffice, 'received'>,
): Promise<MessagesSent> {
  const until = Date.now() + LONGEST_MS;
  for (;;) {
    const states = (await reader.messages(id)).flatMap(({ deliveries }) =>
      Object.values(deliveries).map(({ is }) => is),
    );
    const count = (state: (typeof states)[number]) => states.filter((is) => is === state).length;
    const { mails, posts } = post.received();
    const ids = new Set(mails.map((mail) => mail.id));
    const waiting = count('waiting');
    if (waiting === 0 || Date.now() >= until)
      return {
        accepted: count('accepted'),
        refused: count('refused'),
        inDoubt: count('in doubt'),
        waiting,
        arrived: ids.size + posts,
        doubled: mails.length - ids.size,
      };
    await wait(LOOK_AGAIN_MS);
  }
}

/** `282 sent, and 282 arrived, each once, at this computer's own mail server`. */
export function sentWords({ accepted, refused, inDoubt, waiting, arrived, doubled }: MessagesSent): string {
  const troubles = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(inDoubt > 0 ? [`${inDoubt} in doubt`] : []),
    ...(waiting > 0 ? [`${waiting} still waiting`] : []),
    ...(doubled > 0 ? [`${doubled} came twice`] : []),
  ];
  return (
    `${accepted} sent and ${arrived} arrived${troubles.length > 0 ? ` (${troubles.join(', ')})` : ', each once'}; ` +
    'to a mail server of the rehearsal: nobody got any'
  );
}
