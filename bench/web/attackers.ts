import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** What came of an attack. */
export interface Attacked {
  readonly sent: number;
  /** By status; `0` where there was no answer. */
  readonly answers: Readonly<Record<string, number>>;
}

const AT_ONCE = 50;
const made = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** An address that nobody was given, of one sort or another. */
function forged(url: string): { readonly address: string; readonly method: 'GET' | 'POST' } {
  const key = randomBytes(8).toString('hex');
  const sorts = [
    `spring/f.${made(18)}`,
    `spring/h0.${made(18)}`,
    `spring/${key}.${made(18)}`,
    `${key}/f.${made(18)}`,
    `spring/${made(1_500)}`,
    `spring/f.${made(18)}/events?mark=${made(20)}`,
  ];
  const sort = sorts[randomInt(sorts.length)] ?? '';
  return randomInt(4) === 0
    ? { address: `${url}/${sort.split('?')[0]}/banner`, method: 'POST' }
    : { address: `${url}/${sort}`, method: 'GET' };
}

interface Attack {
  readonly url: string;
  readonly requests: number;
  readonly seconds: number;
}

/** Sends so many requests with made-up links, evenly over some seconds; a process of its own. */
export function attack(): void {
  process.on('message', (wanted: Attack) => void sendAll(wanted).then((attacked) => process.send?.(attacked)));
}

async function sendAll({ url, requests, seconds }: Attack): Promise<Attacked> {
  const dispatcher = new Agent({ connections: AT_ONCE });
  const answers: Record<string, number> = {};
  const send = async (): Promise<void> => {
    const { address, method } = forged(url);
    const status = await request(address, { dispatcher, method, ...(method === 'POST' ? { body: 'text=gotcha' } : {}) })
      .then(async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      })
      .catch(() => 0);
    answers[status] = (answers[status] ?? 0) + 1;
  };
  const began = Date.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < requests; n += 1) {
    const ahead = (n / requests) * seconds * 1_000 - (Date.now() - began);
    if (ahead > 0) await sleep(ahead);
    sent.push(send());
  }
  await Promise.all(sent);
  return { sent: requests, answers };
}
