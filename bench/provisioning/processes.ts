import { readdirSync, readFileSync } from 'node:fs';

/** Of one process from its beginning on: seconds of processor, user and system, and most memory held, in MB. */
export interface ProcessFigures {
  readonly cpuS: number;
  readonly peakMb: number;
}

/** The kernel counts processor time in these, whatever the machine (`man 5 proc`). */
const TICKS_A_SECOND = 100;

const read = (pid: number, file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** The fields after the name, which may contain anything; the first of them is the state, field 3 of `man 5 proc`. */
const statOf = (pid: number): string[] => {
  const line = read(pid, 'stat');
  return line.slice(line.lastIndexOf(')') + 2).split(' ');
};

/** @throws {Error} when there is no such process */
export function figuresOf(pid: number): ProcessFigures {
  const fields = statOf(pid);
  const [, peak = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(read(pid, 'status')) ?? [];
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    peakMb: Number(peak) / 1_024,
  };
}

export const commandLineOf = (pid: number): string[] => read(pid, 'cmdline').split('\0');

/**
 * The processes of a rehearsal by what they are, found among the descendants of the command: name → process id. Where
 * people are many there are more workers than one.
 */
export function partsOf(command: number): Record<string, number> {
  const parts: Record<string, number> = {};
  for (const pid of descendants(command)) {
    const line = commandLineOf(pid).join(' ');
    if (/temporal server start-dev/.test(line)) parts['temporal'] = pid;
    else if (/main\.ts worker/.test(line)) parts[nameOfWorker(parts)] = pid;
    else if (/main\.ts sandbox/.test(line)) parts['sandbox'] = pid;
    else if (/main\.ts rehearse/.test(line)) parts['rehearsal'] = pid;
  }
  return parts;
}

const nameOfWorker = (parts: Readonly<Record<string, number>>): string => {
  const before = Object.keys(parts).filter((name) => name.startsWith('worker')).length;
  return before === 0 ? 'worker' : `worker ${before + 1}`;
};

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statOf(Number(name))[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  // Those that were started first come first, whatever order the folder lists them in.
  return [...parents.keys()].filter(isBelow).toSorted((a, b) => a - b);
}
