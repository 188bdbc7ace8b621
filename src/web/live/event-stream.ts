import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { LivePage } from './live-page.ts';
import type { Waits } from './waits.ts';

/** Some proxies keep small answers back until there is more. */
const PADDING = `: ${' '.repeat(2_048)}\n`;

/** A stream of changes. It ends by itself before a proxy ends it, and the browser goes on where it was. */
export function eventStream(
  context: Context,
  page: LivePage,
  { mark, waits: { beatMs, pollMs, longestMs } }: { readonly mark: string; readonly waits: Waits },
): Response {
  // Some proxies buffer what does not say otherwise.
  context.header('X-Accel-Buffering', 'no');
  context.header('Cache-Control', 'no-store, no-transform');
  return streamSSE(context, async (stream) => {
    let known = mark;
    let wake = () => {};
    const unfollow = page.follow(() => wake());
    stream.onAbort(() => wake());
    const endsAt = Date.now() + longestMs;
    const beat = () => stream.writeSSE({ event: 'beat', data: '' });
    try {
      await stream.write(`${PADDING}retry: ${Math.round(pollMs / 2)}\n\n`);
      await beat();
      await page.drawn();
      while (!stream.aborted && Date.now() < endsAt) {
        const changes = page.since(known);
        if (changes.mark !== known || changes.isOther) {
          known = changes.mark;
          await stream.writeSSE({ id: known, event: 'changes', data: JSON.stringify(changes) });
        }
        const rang = await new Promise<boolean>((settle) => {
          const timer = setTimeout(() => settle(false), Math.max(1, Math.min(beatMs, endsAt - Date.now())));
          wake = () => {
            clearTimeout(timer);
            settle(true);
          };
          // What came while nobody waited.
          if (page.since(known).mark !== known) wake();
        });
        if (!rang && !stream.aborted) await beat();
      }
    } finally {
      unfollow();
    }
  });
}
