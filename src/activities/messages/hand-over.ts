import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Outgoing } from '../../messages/channels/channel.ts';
import { sending } from '../../messages/channels/sending.ts';
import { copyOf } from '../../messages/folder.ts';
import { htmlOf } from '../../domain/messages/html.ts';
import type { Attachment } from '../../messages/notifier.ts';
import { Turns } from '../../messages/turns.ts';
import type { Channel } from '../../domain/replayed/outbox/channels.ts';
import type { Kept, Outcome } from '../../domain/replayed/outbox/outbox.ts';
import type { ActivityDeps } from '../deps.ts';
import { laptopChecks } from './laptop-checks.ts';
import type { Run } from '../run.ts';

/** What a message is made of when it is handed over. */
export interface HandOverRequest {
  readonly channel: Channel;
  readonly message: Omit<Kept, 'deliveries' | 'askedAt'>;
}

const HANDING_OVER = 'handing over';
/** What Teams bears: about four a second. Slack bears one, refuses the rest, and says when to come again. */
const DEFAULT_PER_MINUTE = 240;

/** One message, one channel. */
export const handOverActivities = ({ env, laptop, folder, temporal }: ActivityDeps) => {
  const turns: Partial<Record<Channel, Turns>> = {};
  const sendBy = sending(env);
  let checks: Promise<Attachment[]> | undefined;

  return {
    /**
     * Hands a message over once. An attempt whose worker died after it had begun to hand over is not repeated: it is in
     * doubt, and said to be. Never fails for what a channel does; what has not left may later.
     */
    async handOver(run: Run, { channel, message }: HandOverRequest): Promise<Outcome> {
      if (Context.current().info.heartbeatDetails === HANDING_OVER)
        return { is: 'in doubt', words: 'The worker ended while it handed the message over.' };
      const { plan, to } = message;
      const address = plan.onlyTo ?? to;
      if (channel === 'mail' && !address.includes('@'))
        return {
          is: 'refused',
          words: `"${to}" is not a mail address: write one in the plan's contacts, or name another channel there.`,
        };
      const waitMs = await (turns[channel] ??= new Turns()).take(
        channel === 'mail' ? (plan.mail?.perMinute ?? DEFAULT_PER_MINUTE) : DEFAULT_PER_MINUTE,
      );
      if (waitMs !== undefined) return { is: 'later', afterMs: waitMs };
      const outgoing = await composed(run, message, address);
      if (outgoing === undefined)
        return { is: 'refused', words: "Its text was in another worker's folder, and is not in this one's." };
      let begun = false;
      try {
        return await sendBy(channel, message.group)(outgoing, plan, async () => {
          await noted(HANDING_OVER);
          begun = true;
        });
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        return begun ? { is: 'in doubt', words } : { is: 'later', words };
      }
    },
  };

  async function composed(
    run: Run,
    message: HandOverRequest['message'],
    address: string,
  ): Promise<Outgoing | undefined> {
    const { key, to, subject, attachments, calendar, generation, title, plan } = message;
    const text = message.text ?? (await copyOf(folder, run.workshopId, key));
    if (text === undefined) return undefined;
    const known = attachments.length > 0 ? await (checks ??= laptopChecks(laptop)) : [];
    return {
      to: address,
      subject: plan.onlyTo === undefined ? subject : `[for ${to}] ${subject}`,
      text,
      html: htmlOf({ subject, text, language: plan.language }),
      ...(calendar === undefined ? {} : { calendar }),
      attachments: known.filter(({ name }) => attachments.includes(name)),
      id: createHash('sha256').update(`${run.runId}\n${key}\n${generation}`).digest('hex').slice(0, 32),
      title,
    };
  }

  /** The server has it when this returns; a heartbeat by itself is sent some time later. */
  async function noted(what: string): Promise<void> {
    const { taskToken } = Context.current().info;
    await temporal.workflowService.recordActivityTaskHeartbeat({
      namespace: temporal.options.namespace,
      taskToken,
      details: {
        payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(what)) }],
      },
    });
  }
};
