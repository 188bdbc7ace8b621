import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StateRefused } from './state-refused.ts';

const holderShape = z.object({ pid: z.int().positive(), host: z.string(), birth: z.string() });
type Holder = z.output<typeof holderShape>;

/**
 * Takes a folder for this process alone, and answers how to give it back. What a process left that ended without
 * giving back is taken over.
 * @throws {StateRefused} when another sandbox, in this process or another one, has it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, host: hostname(), birth: birthOf(process.pid) } satisfies Holder);
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return () => remove(path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const text = read(path);
    const holder = text === undefined ? undefined : parse(text);
    if (holder && isAlive(holder)) throw new StateRefused(refusal(folder, path, holder));
    // Looked at again, so that a lock which somebody else has just taken over is not thrown away with the dead one.
    if (read(path) === text) remove(path);
  }
  throw new StateRefused(`Somebody else is opening the state in ${folder} at this moment. Try again.`);
}

function refusal(folder: string, path: string, { pid, host }: Holder): string {
  return host === hostname()
    ? `Another sandbox is running on the state in ${folder} (process ${pid}). Stop it first, or choose another folder.`
    : `A sandbox on the computer ${host} (process ${pid}) has the state in ${folder}. Stop it there; ` +
        `if it is surely gone, delete ${path} and start again.`;
}

function isAlive({ pid, host, birth }: Holder): boolean {
  // Nothing can be known about the processes of another computer.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return birthOf(pid) === birth;
}

/** Tells a process from a later one with the same number, where the system says when it began; otherwise empty. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticksAtStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticksAtStart}`;
  } catch {
    return '';
  }
}

function parse(text: string): Holder | undefined {
  try {
    return holderShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
