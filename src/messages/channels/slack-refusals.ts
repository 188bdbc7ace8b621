import type { Outcome } from '../../domain/replayed/outbox/outbox.ts';
import { untilSomebodyActs } from './channel.ts';
import { outcomeOf, type Answered } from './posting.ts';

/** The receipt of what Slack accepted. */
export const TAKEN = 'Slack has taken it';

/** The worker's token is no good: for every message, until somebody gives it another. */
const BAD_TOKEN = ['invalid_auth', 'not_authed', 'account_inactive', 'token_expired', 'token_revoked'];
/** Slack could not do it just now, and has not. */
const NOT_NOW = ['ratelimited', 'service_unavailable'];
/** Slack says of these that a part of it may have been done. */
const HALF_DONE = ['internal_error', 'fatal_error'];

/**
 * What Slack refused, and what somebody has to do. Slack answers 200 to what it refuses, and says so inside.
 * @param to whom the message is for
 * @param askedFor `who`: nothing has been sent yet; `message`: it may have arrived
 * @returns undefined where Slack has done what it was asked for
 */
export function refusalOf(answer: Answered, to: string, askedFor: 'who' | 'message'): Outcome | undefined {
  if (answer.status !== 200) {
    const outcome = outcomeOf(answer, TAKEN);
    const isCertain = askedFor === 'message' || outcome.is === 'refused' || outcome.is === 'later';
    return isCertain ? outcome : { is: 'later', words: `HTTP ${answer.status}` };
  }
  const { ok, error, needed } = (answer.json ?? {}) as { ok?: unknown; error?: unknown; needed?: unknown };
  if (ok === true) return undefined;
  const said = typeof error === 'string' ? error : answer.words;
  if (NOT_NOW.includes(said)) return { is: 'later', words: `Slack says: ${said}` };
  if (HALF_DONE.includes(said))
    return askedFor === 'who'
      ? { is: 'later', words: `Slack says: ${said}` }
      : { is: 'in doubt', words: `Slack says ${said}, which does not tell whether the message arrived.` };
  if (BAD_TOKEN.includes(said))
    return untilSomebodyActs(
      `Slack does not take this worker's token (${said}): put a bot's valid token into WORKSHOP_SLACK_TOKEN and ` +
        'restart the worker. Until then nothing reaches attendees by Slack.',
    );
  if (said === 'missing_scope')
    return untilSomebodyActs(
      `The bot lacks a right in Slack (missing_scope${typeof needed === 'string' ? `: ${needed}` : ''}): give it ` +
        'users:read.email and chat:write and install it into the workspace again.',
    );
  if (said === 'users_not_found')
    return {
      is: 'refused',
      words:
        `Slack knows nobody by the address ${to} (users_not_found): have them join your Slack with it and send the ` +
        'message again, or write to them by other means.',
    };
  if (said === 'channel_not_found')
    return {
      is: 'refused',
      words:
        `Slack does not let the bot write to ${to} (channel_not_found): their account may be closed, or a guest's. ` +
        'Write to them by other means.',
    };
  return { is: 'refused', words: `Slack says: ${said}` };
}

/** An incoming webhook that was taken back, or whose channel is gone, takes no message until there is another. */
export function webhookOutcome(answer: Answered): Outcome {
  if (![403, 404, 410].includes(answer.status)) return outcomeOf(answer, TAKEN);
  return untilSomebodyActs(
    `Slack takes nothing by this webhook any more (HTTP ${answer.status}: ${answer.words}): make a new one for a ` +
      'channel that is there, put it into WORKSHOP_SLACK_WEBHOOK and restart the worker.',
  );
}
