import { Context } from '@temporalio/activity';
import { mailId } from '../../messages/mail-id.ts';
import type { Outgoing } from '../../messages/channels/channel.ts';
import { sending } from '../../messages/channels/sending.ts';
import { copyOf } from '../../messages/folder.ts';
import { LINK_KEY } from '../../domain/links/link-key.ts';
import { isUnsealed } from '../../domain/links/page-in-letter.ts';
import { htmlOf } from '../../domain/messages/html.ts';
import type { Attachment } from '../../messages/notifier.ts';
import { Turns } from '../../messages/turns.ts';
import type { Channel } from '../../domain/replayed/outbox/channels.ts';
import type { Kept, Outcome } from '../../domain/replayed/outbox/outbox.ts';
import { unpackedList, type Packed } from '../../domain/replayed/outbox/packed.ts';
import type { ActivityDeps } from '../deps.ts';
import { laptopChecks } from '../../messages/laptop-checks.ts';
import type { Run } from '../run.ts';

/** What a message is made of when it is handed over. */
export interface HandOverRequest {
  readonly channel: Channel;
  readonly message: Omit<Kept, 'deliveries' | 'askedAt'>;
}

/** Messages for one channel, handed over one after another. */
export interface HandOverSomeRequest {
  readonly channel: Channel;
  /** Their texts have most lines in common, and stay in the workflow's history. */
  readonly messages: Packed;
}

/** What Temporal has in writing of an attempt at several messages. */
interface Progress {
  /** What the first of them came to. */
  readonly cameTo: readonly Outcome[];
  /** The next one has begun to be handed over. */
  readonly begun?: true;
}

const NO_KEY = `It has the link of a page in it, which this worker cannot seal: it lacks the others' ${LINK_KEY}.`;
const HANDING_OVER = 'handing over';
const ENDED_MEANWHILE: Outcome = { is: 'in doubt', words: 'The worker ended while it handed the message over.' };
/** Of the time that an attempt has, after which no further message is begun: the last one may take long. */
const SHARE_OF_TIME = 0.25;
/** So long what became of a message may be unsaid: with the beginning of the next one it is said anyway. */
const UNSAID_MS = 500;
/** What Teams bears: about four a second. Slack bears one, refuses the rest, and says when to come again. */
const DEFAULT_PER_MINUTE = 240;

/** One message, one channel. */
export const handOverActivities = ({ env, laptop, folder, temporal, pages, closing }: ActivityDeps) => {
  const turns: Partial<Record<Channel, Turns>> = {};
  const sendBy = sending(env);
  let checks: Promise<Attachment[]> | undefined;

  return {
    /**
     * Hands a message over once. An attempt whose worker died after it had begun to hand over is not repeated: it is in
     * doubt, and said to be. Never fails for what a channel does; what has not left may later.
     */
    async handOver(run: Run, { channel, message }: HandOverRequest): Promise<Outcome> {
      if (Context.current().info.heartbeatDetails === HANDING_OVER) return ENDED_MEANWHILE;
      return attempt(run, channel, message, () => noted(HANDING_OVER));
    },

    /**
     * Hands messages over, one after another, each once. What an attempt had handed over whose worker died is known to
     * the next one; only the message that was under way just then is in doubt, and the others go on. Never fails for
     * what a channel does. What there was no time for may leave later. Returns an outcome for each.
     */
    async handOverSome(run: Run, { channel, messages }: HandOverSomeRequest): Promise<Outcome[]> {
      const { heartbeatDetails, startToCloseTimeoutMs } = Context.current().info;
      const before = heartbeatDetails as Progress | undefined;
      const cameTo: Outcome[] = [...(before?.cameTo ?? []), ...(before?.begun ? [ENDED_MEANWHILE] : [])];
      const until = performance.now() + startToCloseTimeoutMs * SHARE_OF_TIME;
      for (const message of unpackedList(messages).slice(cameTo.length)) {
        if (closing.aborted || performance.now() > until) {
          cameTo.push({ is: 'later', afterMs: 0 });
          continue;
        }
        const known = [...cameTo];
        let told = Promise.resolve();
        // Waiting for a turn, or for a server, takes time in which nobody must lose what is known.
        const late = setTimeout(() => {
          if (known.length === 0) return;
          told = noted({ cameTo: known });
          told.catch(() => {});
        }, UNSAID_MS);
        try {
          const outcome = await attempt(run, channel, message, async () => {
            clearTimeout(late);
            // The later of the two must arrive last.
            await told;
            await noted({ cameTo: known, begun: true });
          });
          cameTo.push(outcome);
        } finally {
          clearTimeout(late);
          await told.catch(() => {});
        }
      }
      return cameTo;
    },
  };

  /** @param begin Temporal is told by it that the message may have arrived from now on */
  async function attempt(
    run: Run,
    channel: Channel,
    message: HandOverRequest['message'],
    begin: () => Promise<void>,
  ): Promise<Outcome> {
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
    let outgoing: Outgoing | undefined;
    try {
      outgoing = await composed(run, message, address);
    } catch (error) {
      return { is: 'later', words: error instanceof Error ? error.message : String(error) };
    }
    if (outgoing === undefined)
      return { is: 'refused', words: "Its text was in another worker's folder, and is not in this one's." };
    let begun = false;
    try {
      return await sendBy(channel, message.group)(outgoing, plan, async () => {
        await begin();
        begun = true;
      });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return begun ? { is: 'in doubt', words } : { is: 'later', words };
    }
  }

  async function composed(
    run: Run,
    message: HandOverRequest['message'],
    address: string,
  ): Promise<Outgoing | undefined> {
    const { key, to, subject, attachments, calendar, generation, title, plan } = message;
    const written = message.text ?? (await copyOf(folder, run.workshopId, key));
    if (written === undefined) return undefined;
    const text = pages ? await pages.sealed(run, to, written) : written;
    if (!pages && isUnsealed(text)) throw new Error(NO_KEY);
    const known = attachments.length > 0 ? await (checks ??= laptopChecks(laptop)) : [];
    return {
      to: address,
      subject: plan.onlyTo === undefined ? subject : `[for ${to}] ${subject}`,
      text,
      html: htmlOf({ subject, text, language: plan.language }),
      ...(calendar === undefined ? {} : { calendar }),
      attachments: known.filter(({ name }) => attachments.includes(name)),
      id: mailId(run.runId, key, generation),
      title,
    };
  }

  /** The server has it when this returns; a heartbeat by itself is sent some time later. */
  async function noted(what: string | Progress): Promise<void> {
    const { taskToken } = Context.current().info;
    const { payloadConverter, payloadCodecs } = temporal.options.loadedDataConverter;
    let payloads = [payloadConverter.toPayload(what)];
    // What a server said may name somebody.
    for (const codec of payloadCodecs) payloads = await codec.encode(payloads);
    await temporal.workflowService.recordActivityTaskHeartbeat({
      namespace: temporal.options.namespace,
      taskToken,
      details: { payloads },
    });
  }
};
