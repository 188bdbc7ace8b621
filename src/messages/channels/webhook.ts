import { createHmac } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { lacks, type Send } from './channel.ts';
import { outcomeOf, post } from './posting.ts';

const ADDRESS = 'WORKSHOP_WEBHOOK';
const SECRET = 'WORKSHOP_WEBHOOK_SECRET';

/**
 * A program of the facilitator's own: JSON, with the HMAC-SHA256 of `<timestamp>.<body>` under the shared secret, so
 * that it knows who sent it and when; the same Idempotency-Key for the same message.
 */
export const webhook =
  (env: NodeJS.ProcessEnv, connections: Dispatcher): Send =>
  async ({ to, subject, text, html, id }, _plan, handingOver) => {
    const [address, secret] = [env[ADDRESS], env[SECRET]];
    if (address === undefined || secret === undefined) return lacks(ADDRESS, SECRET);
    const body = JSON.stringify({ to, subject, text, ...(html === undefined ? {} : { html }) });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    await handingOver();
    const answer = await post(
      address,
      body,
      {
        'idempotency-key': id,
        'x-workshop-timestamp': timestamp,
        'x-workshop-signature': `sha256=${signature}`,
      },
      connections,
    );
    return 'is' in answer ? answer : outcomeOf(answer, `answered HTTP ${answer.status}`);
  };
