import type { Readable } from 'node:stream';

/**
 * Process 1 of a node, as this computer numbers it. With its end the kernel ends all that runs on the node, and
 * bubblewrap's own process ends after that. Whoever killed bubblewrap itself would be told of an end while the node's
 * programs still run.
 */
export class FirstProcess {
  #pid: number | undefined;

  /** @param about what bubblewrap writes to its `--info-fd` */
  constructor(about: Readable) {
    let text = '';
    about.on('data', (data: Buffer) => {
      text += data.toString();
      const pid = /"child-pid": (\d+)/.exec(text)?.[1];
      if (pid !== undefined) this.#pid = Number(pid);
    });
  }

  /** @returns whether there was one to kill. Only to be asked while bubblewrap runs: numbers are given anew. */
  kill(): boolean {
    if (this.#pid === undefined) return false;
    try {
      return process.kill(this.#pid, 'SIGKILL');
    } catch {
      return false;
    }
  }
}
