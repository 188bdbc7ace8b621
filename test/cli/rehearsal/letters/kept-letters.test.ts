import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { KeptLetters } from '../../../../src/cli/rehearsal/letters/kept-letters.ts';

const CHECK = randomBytes(40_000);

/** Bytes that are held on to. */
function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

/** A letter as it comes in over SMTP, with a seam of its own and an attachment that all have. */
function letter(n: number, attachment: Buffer = CHECK): Buffer {
  const seam = `seam-${n}`;
  return Buffer.from(
    [
      `From: Workshop <workshop@example.com>`,
      `To: p${n}@example.com`,
      `Subject: Letter ${n}`,
      `Message-ID: <${n}@example.com>`,
      `MIME-Version: 1.0`,
      `Content-Type: multipart/mixed; boundary="${seam}"`,
      '',
      `--${seam}`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      `Hello ${n}, grüß dich.\r\n\r\n-- \r\nThe team`,
      `--${seam}`,
      'Content-Type: application/x-sh; name="check.sh"',
      'Content-Disposition: attachment; filename="check.sh"',
      'Content-Transfer-Encoding: base64',
      '',
      (attachment.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n'),
      `--${seam}--`,
      '',
    ].join('\r\n'),
  );
}

test('each letter opens as it came, with what it has in common with others', async () => {
  const letters = new KeptLetters();
  const other = randomBytes(3_000);
  await Promise.all([letters.take(letter(1), ['p1@example.com']), letters.take(letter(2), ['p2@example.com'])]);
  await letters.take(letter(3, other), ['p3@example.com']);
  expect(letters.heads().map(({ subject }) => subject)).toEqual(['Letter 1', 'Letter 2', 'Letter 3']);
  for (const [id, bytes] of [
    [1, CHECK],
    [2, CHECK],
    [3, other],
  ] as const) {
    const opened = await letters.open(id);
    expect(opened?.text.trim()).toBe(`Hello ${id}, grüß dich.\n\n-- \nThe team`);
    expect(opened?.attachments.map(({ name, bytes: kept }) => [name, Buffer.compare(kept, bytes)])).toEqual([
      ['check.sh', 0],
    ]);
  }
  expect(await letters.open(4)).toBeUndefined();
});

test('a thousand letters with one attachment take little more than that attachment', async () => {
  const letters = new KeptLetters();
  const before = held();
  for (let n = 0; n < 1_000; n += 1) await letters.take(letter(n), ['p@example.com']);
  // Packed each by itself they would take 30 MB: what is random does not get smaller.
  expect(held() - before).toBeLessThan(15_000_000);
  expect((await letters.open(1_000))?.subject).toBe('Letter 999');
});
