import type { Dispatcher } from 'undici';
import { lacks, type Send } from './channel.ts';
import { cutToFit } from './cut-to-fit.ts';
import { outcomeOf, post } from './posting.ts';

/** Of a Teams workflow that posts what it is sent: whoever has it may write into that channel. */
const WEBHOOK = 'WORKSHOP_TEAMS_WEBHOOK';
/** Teams refuses a message above 28 KB, all that is around the text included. */
const MOST_BYTES = 27_000;

/** Teams: one adaptive card. What it answers says that the workflow was started, not that anybody saw a card. */
export const teams =
  (env: NodeJS.ProcessEnv, connections: Dispatcher): Send =>
  async ({ subject, text }, _plan, handingOver) => {
    const webhook = env[WEBHOOK];
    if (webhook === undefined) return lacks(WEBHOOK);
    await handingOver();
    const bodyOf = (text: string) => JSON.stringify(card(subject, text));
    const body = bodyOf(cutToFit(text, (shorter) => Buffer.byteLength(bodyOf(shorter)) <= MOST_BYTES));
    const answer = await post(webhook, body, {}, connections);
    return 'is' in answer ? answer : outcomeOf(answer, 'Teams has accepted it, which does not say that it was shown');
  };

const card = (subject: string, text: string) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        msteams: { width: 'Full' },
        body: [
          { type: 'TextBlock', text: subject, weight: 'Bolder', size: 'Medium', wrap: true },
          ...text.split('\n\n').map((part) => ({ type: 'TextBlock', text: part, wrap: true })),
        ],
      },
    },
  ],
});
