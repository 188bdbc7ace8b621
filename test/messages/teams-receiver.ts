import { Rate, shapedReceiver } from './shaped-receiver.ts';

/** Of a whole message, in bytes. */
export const TEAMS_LIMIT = 28 * 1_024;

/** A block of a card. */
interface Block {
  readonly type: string;
  readonly text: string;
}

/**
 * The webhook of a Teams workflow: 202 and no word to what it takes, 413 above 28 KB, 429 to whoever is too quick. The
 * real one takes about four a second.
 */
export async function teamsWorkflow({ perSecond = Infinity } = {}) {
  const rate = new Rate(perSecond);
  const cards: (readonly Block[])[] = [];
  let tooBig = 0;
  const url = await shapedReceiver(({ body }) => {
    if (Buffer.byteLength(body) > TEAMS_LIMIT) {
      tooBig += 1;
      return { status: 413, body: 'Request Entity Too Large' };
    }
    const seconds = rate.tooEarly();
    if (seconds !== undefined) return { status: 429, headers: { 'retry-after': String(seconds) }, body: '' };
    const { type, attachments } = JSON.parse(body) as {
      type?: string;
      attachments?: readonly { readonly contentType: string; readonly content: { readonly body: readonly Block[] } }[];
    };
    const [card] = attachments ?? [];
    if (type !== 'message' || card?.contentType !== 'application/vnd.microsoft.card.adaptive')
      return { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } };
    cards.push(card.content.body);
    return { status: 202, body: '' };
  });
  return { env: { WORKSHOP_TEAMS_WEBHOOK: url }, cards, rate, refusedAsTooBig: () => tooBig };
}
