import { readFileSync } from 'node:fs';

/** Whether a process runs. One that is dead, and not yet waited for by whoever inherited it, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
