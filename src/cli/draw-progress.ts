import type { Progress } from '../domain/progress.ts';

/** Draws on a terminal, or prints what changed where there is none. */
export function drawProgress(stream: NodeJS.WriteStream): { show(progress: Progress, now: number): void; done(): void } {
  const said = new Set<string>();
  return {
    show(progress) {
      for (const item of progress.checklist) {
        const line = `${item.state.padEnd(10)} ${item.title}${item.evidence ? `: ${item.evidence}` : ''}`;
        if (item.state !== 'waiting' && !said.has(line)) {
          said.add(line);
          stream.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
        }
      }
      const people = JSON.stringify(progress.attendees.byState);
      if (!said.has(people)) { said.add(people); stream.write(`${new Date().toISOString().slice(11, 19)}   people ${people}\n`); }
    },
    done() {},
  };
}
