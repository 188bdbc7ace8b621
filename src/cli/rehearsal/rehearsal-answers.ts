import type { WorkshopClient } from '../../client.ts';
import type { Item } from '../../domain/replayed/checklist/item.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';

const BY = 'the rehearsal';

/**
 * In a rehearsal nobody is at hand to sign off, so the rehearsing command does, with the update a person uses. What the
 * canary could not try is waived with the reason, and not signed off: a rehearsal is no proof of it.
 */
export async function answerSignOffs(
  client: Pick<WorkshopClient, 'signOff' | 'waive'>,
  id: string,
  progress: Progress,
): Promise<void> {
  for (const item of progress.checklist) {
    if (
      item.kind !== 'sign-off' ||
      item.deadline === undefined ||
      !(item.state === 'waiting' || item.state === 'unanswered')
    )
      continue;
    if (isUntried(item)) await client.waive(id, { item: item.id, by: BY, reason: `rehearsal: ${item.evidence}` });
    else await client.signOff(id, { item: item.id, by: BY, note: 'assumed: nobody looked' });
  }
}

/** The one kind of sign-off that is asked with a reason. */
const isUntried = ({ id, evidence }: Item): boolean => id.startsWith('canary-chain') && evidence !== undefined;
