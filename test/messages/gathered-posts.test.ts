import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Posted } from '../../src/domain/replayed/outbox/outbox.ts';
import { GatheredPosts } from '../../src/messages/gathered-posts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const posted = (key: string, text = 'Hello'): Posted => ({
  key,
  to: `${key}@example.com`,
  subject: 'Please prepare',
  text,
  attachments: [],
  group: 'attendees',
  plan: { language: 'en', attendees: ['mail'], facilitators: [], admin: [] },
  title: 'Spring',
});

function gathering(refuses: (keys: readonly string[]) => boolean = () => false) {
  const sent: { address: string; keys: string[] }[] = [];
  const posts = new GatheredPosts(700, async (address, some) => {
    const keys = some.map(({ key }) => key);
    if (refuses(keys)) throw new Error('no Temporal server');
    sent.push({ address, keys });
  });
  return { sent, posts };
}

it('what is posted within a moment to one outbox goes together; whoever posted hears when it is there', async () => {
  const { sent, posts } = gathering();
  let heard = 0;
  const post = (address: string, key: string) => void posts.post(address, posted(key), false).then(() => (heard += 1));
  post('outbox/0', 'ann');
  await vi.advanceTimersByTimeAsync(600);
  post('outbox/0', 'bo');
  post('outbox/1', 'cy');
  expect({ sent, heard }).toEqual({ sent: [], heard: 0 });
  // Nobody waits longer for those who come later.
  await vi.advanceTimersByTimeAsync(100);
  expect({ sent, heard }).toEqual({ sent: [{ address: 'outbox/0', keys: ['ann', 'bo'] }], heard: 2 });
  await vi.advanceTimersByTimeAsync(600);
  expect(sent.at(-1)).toEqual({ address: 'outbox/1', keys: ['cy'] });
  post('outbox/0', 'di');
  await vi.advanceTimersByTimeAsync(700);
  expect(sent.at(-1)).toEqual({ address: 'outbox/0', keys: ['di'] });
});

it('an alarm waits for nobody, and those who wait go with it', async () => {
  const { sent, posts } = gathering();
  const ann = posts.post('outbox/0', posted('ann'), false);
  await Promise.all([ann, posts.post('outbox/0', posted('alarm'), true)]);
  expect(sent).toEqual([{ address: 'outbox/0', keys: ['ann', 'alarm'] }]);
});

it('one signal is never too large for Temporal', async () => {
  const { sent, posts } = gathering();
  const large = Array.from({ length: 5 }, (_, n) =>
    posts.post('outbox/0', posted(`l${n}`, 'x'.repeat(150_000)), false),
  );
  const small = Array.from({ length: 120 }, (_, n) => posts.post('outbox/1', posted(`s${n}`), false));
  await vi.advanceTimersByTimeAsync(700);
  await Promise.all([...large, ...small]);
  const sizes = (address: string) => sent.filter((one) => one.address === address).map(({ keys }) => keys.length);
  expect(sizes('outbox/0')).toEqual([2, 2, 1]);
  expect(sizes('outbox/1')).toEqual([50, 50, 20]);
});

it('where the outbox was not reached, everybody who posted hears of it, and nobody else', async () => {
  const { sent, posts } = gathering((keys) => keys.includes('bo'));
  const outcomes = Promise.allSettled([
    posts.post('outbox/0', posted('ann'), false),
    posts.post('outbox/0', posted('bo'), false),
    posts.post('outbox/1', posted('cy'), false),
  ]);
  await vi.advanceTimersByTimeAsync(700);
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(sent).toEqual([{ address: 'outbox/1', keys: ['cy'] }]);
});
