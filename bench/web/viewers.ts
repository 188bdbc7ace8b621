import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { CHANGE } from './serving.ts';

/** Whose pages are held open; undefined: what was seen is to be told. */
export type AskedOfViewers = readonly string[] | undefined;

/** Of each viewer, when each change was on their page, epoch milliseconds. */
export type Seen = readonly (readonly number[])[];

const AGAIN_MS = 2_000;
const MARK = /data-mark="([^"]+)"/;

/** Holds pages open as browsers do, without showing them; a process of its own. */
export function view(): void {
  const agent = new Agent({ connections: 1_000, bodyTimeout: 0, headersTimeout: 0 });
  const seen: number[][] = [];
  process.on('message', (asked: { readonly open?: AskedOfViewers }) => {
    if (asked.open === undefined) {
      process.send?.(seen satisfies Seen);
      return;
    }
    const opened = asked.open.map(async (address) => {
      const own: number[] = [];
      seen.push(own);
      const mark = await opens(agent, address);
      void follows(agent, { address, mark, own });
    });
    void Promise.all(opened).then(() => process.send?.('open'));
  });
}

async function opens(dispatcher: Agent, address: string): Promise<string> {
  const { statusCode, body } = await request(address, { dispatcher });
  const mark = MARK.exec(await body.text())?.[1];
  if (mark === undefined) throw new Error(`${address} answered with ${statusCode}, and is no page`);
  return mark;
}

interface Followed {
  readonly address: string;
  readonly mark: string;
  readonly own: number[];
}

/** Until the process ends: a stream that ends is opened again, from where it was. */
async function follows(dispatcher: Agent, { address, mark, own }: Followed): Promise<void> {
  let last = mark;
  for (;;) {
    try {
      const { body } = await request(`${address}/events?mark=${mark}`, {
        dispatcher,
        headers: { accept: 'text/event-stream', 'last-event-id': last },
      });
      let heard = '';
      for await (const bytes of body) {
        heard += String(bytes);
        const end = heard.lastIndexOf('\n\n');
        if (end < 0) continue;
        const events = heard.slice(0, end);
        heard = heard.slice(end + 2);
        last = [...events.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? last;
        const n = [...events.matchAll(new RegExp(`${CHANGE} (\\d+)`, 'g'))].at(-1)?.[1];
        // Whoever sees a later change has seen those before it.
        if (n !== undefined) while (own.length <= Number(n)) own.push(Date.now());
      }
    } catch {
      // As a browser does.
    }
    await sleep(AGAIN_MS);
  }
}
