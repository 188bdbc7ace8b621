/**
 * Keeps the recorded histories of the version in package.json for good, before it is tagged:
 *
 *     node test/workflows/stage/freeze-histories.ts
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freeze } from './frozen-histories.ts';
import { HISTORIES } from './recorded.ts';

const manifest = fileURLToPath(new URL('../../../package.json', import.meta.url));
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
process.stdout.write(`${freeze(HISTORIES, version)} histories of ${version} are frozen\n`);
