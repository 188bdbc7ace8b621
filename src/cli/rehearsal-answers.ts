import type { WorkshopClient } from '../client.ts';
import type { Progress } from '../domain/progress.ts';

/** In a rehearsal nobody is at hand to sign off, so the rehearsing command does, with the update a person uses. */
export async function answerSignOffs(client: WorkshopClient, id: string, progress: Progress): Promise<void> {
  for (const item of progress.checklist) {
    if (item.kind === 'sign-off' && item.deadline !== undefined && (item.state === 'waiting' || item.state === 'unanswered')) {
      await client.signOff(id, { item: item.id, by: 'the rehearsal', note: 'assumed: nobody looked' });
    }
  }
}
