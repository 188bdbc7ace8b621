import { afterAll } from 'vitest';
import { play } from '../play.ts';
import { findCli } from './cli.ts';

const cli = findCli();
await play(import.meta.dirname, cli);
afterAll(() => {
  if ('close' in cli) cli.close();
});
