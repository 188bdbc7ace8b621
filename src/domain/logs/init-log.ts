/** The copy that install-claude-code.sh leaves in the logs volume, below the cluster's id. */
export const INIT_LOG = 'init-script-claude.log';

/** How the init script's log ended. */
export interface InitLog {
  readonly done: boolean;
  /** Epoch milliseconds of the line that tells. */
  readonly at: number;
  /** That line, without its time. */
  readonly said: string;
}

const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) \+\d+s (.*)$/gm;

/**
 * Reads the log that install-claude-code.sh leaves in the logs volume: the line that says what failed, else its last.
 * undefined for what is no such log.
 */
export function readInitLog(text: string): InitLog | undefined {
  const lines = [...text.matchAll(LINE)].map(([, time = '', said = '']) => ({ at: Date.parse(time), said }));
  const failed = lines.findLast(({ said }) => said.startsWith('FAILED ('));
  const line = failed ?? lines.at(-1);
  return line && { ...line, done: failed === undefined && line.said.startsWith('done in ') };
}
