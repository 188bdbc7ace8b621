import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FolderNotifier } from '../src/messages/folder.ts';
import { privateFolder, writePrivately } from '../src/private-file.ts';
import { scratchFolder } from './scratch.ts';

const rightsOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

it('keeps folders and files for their owner', async () => {
  const folder = join(scratchFolder(), 'a', 'b');
  await privateFolder(folder);
  await writePrivately(join(folder, 'page.txt'), 'one');
  await writePrivately(join(folder, 'page.txt'), 'two');
  expect(readFileSync(join(folder, 'page.txt'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['page.txt']);
  expect([rightsOf(folder), rightsOf(join(folder, '..')), rightsOf(join(folder, 'page.txt'))]).toEqual([
    '700',
    '700',
    '600',
  ]);
});

it('letters, and what goes with them, are for the owner too', async () => {
  const folder = scratchFolder();
  const attachments = [{ name: 'check.sh', bytes: Buffer.from('x') }];
  const file = await new FolderNotifier(folder).deliver({ workshopId: 'spring' }, 'letter-ann', {
    to: 'ann@example.com',
    subject: 's',
    text: 't',
    attachments,
  });
  expect([rightsOf(join(folder, 'spring')), rightsOf(file), rightsOf(join(file, '..', 'check.sh'))]).toEqual([
    '700',
    '600',
    '600',
  ]);
});
