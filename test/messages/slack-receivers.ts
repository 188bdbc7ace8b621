import { Rate, shapedReceiver, type Answer } from './shaped-receiver.ts';

/**
 * A Slack incoming webhook: its answers are words, not JSON. The real one takes one message a second
 * (https://docs.slack.dev/apis/web-api/rate-limits).
 */
export async function slackWebhook({ perSecond = Infinity, gone = false } = {}) {
  const rate = new Rate(perSecond);
  const texts: string[] = [];
  const url = await shapedReceiver(({ headers, body }) => {
    if (gone) return { status: 403, body: 'invalid_token' };
    const seconds = rate.tooEarly();
    if (seconds !== undefined) return tooMany(seconds);
    if (!headers['content-type']?.startsWith('application/json')) return { status: 400, body: 'invalid_payload' };
    const { text } = JSON.parse(body) as { text?: string };
    if (!text) return { status: 400, body: 'no_text' };
    texts.push(text);
    return { status: 200, body: 'ok' };
  });
  return { url, texts, rate };
}

/** Somebody whom a Slack workspace has. */
export interface Member {
  readonly id: string;
  /** The bot may not write to them. */
  readonly closed?: boolean;
}

/**
 * Slack's Web API, as far as letters need it: HTTP 200 to whatever it understands, with `ok: false` and a word where it
 * refuses; 429 with Retry-After to whoever is too quick, for each method by itself, and for each person that is written
 * to.
 * @param failing a word that a method answers, whatever it is asked
 */
export async function slackApi({
  members,
  token = 'xoxb-right',
  lookUpsPerSecond = Infinity,
  perSecond = Infinity,
  failing = {},
}: {
  readonly members: Readonly<Record<string, Member>>;
  readonly token?: string;
  readonly lookUpsPerSecond?: number;
  readonly perSecond?: number;
  readonly failing?: Readonly<Record<string, string>>;
}) {
  const lookUps = new Rate(lookUpsPerSecond);
  const writes = new Map(Object.values(members).map(({ id }) => [id, new Rate(perSecond)]));
  const posted: { readonly channel: string; readonly text: string }[] = [];
  const asked: string[] = [];
  const url = await shapedReceiver(({ path, headers, body }) => {
    const method = path.slice(1);
    asked.push(method);
    if (headers.authorization !== `Bearer ${token}`) return no('invalid_auth');
    const word = failing[method];
    if (method === 'users.lookupByEmail') {
      const seconds = lookUps.tooEarly();
      if (seconds !== undefined) return tooMany(seconds);
      if (word !== undefined) return no(word);
      // It takes no JSON.
      const member = members[new URLSearchParams(body).get('email') ?? ''];
      return member === undefined
        ? no('users_not_found')
        : { status: 200, body: { ok: true, user: { id: member.id } } };
    }
    if (method !== 'chat.postMessage') return no('unknown_method');
    const { channel = '', text } = JSON.parse(body) as { channel?: string; text?: string };
    const seconds = writes.get(channel)?.tooEarly();
    if (seconds !== undefined) return tooMany(seconds);
    if (word !== undefined) return no(word);
    const member = Object.values(members).find(({ id }) => id === channel);
    if (member === undefined || member.closed) return no('channel_not_found');
    if (!text) return no('no_text');
    posted.push({ channel, text });
    return { status: 200, body: { ok: true, channel: `D${channel}`, ts: '1700000000.000100' } };
  });
  return { env: { WORKSHOP_SLACK_API: url, WORKSHOP_SLACK_TOKEN: token }, posted, asked, lookUps, writes };
}

const no = (error: string): Answer => ({ status: 200, body: { ok: false, error } });

const tooMany = (seconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { ok: false, error: 'ratelimited' },
});
