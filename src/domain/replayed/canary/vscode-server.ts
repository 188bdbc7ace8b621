import type { ServerDownload } from './hops.ts';
import type { CheckReport } from '../seat/job-report.ts';
import { parseCheck, type Printed } from './words.ts';

/** The line of `claude-vscode-check` about it; a job puts the same line beside those of `check-claude`. */
const LINE = 'download';

/** What `claude-vscode-check --json` printed about it; undefined where it did not look, as an older one does not. */
export const readServerDownload = ({ stdout }: Pick<Printed, 'stdout'>): ServerDownload | undefined =>
  serverDownloadIn(parseCheck(stdout)?.checks ?? []);

/** The same among the lines of a job on the cluster. */
export function serverDownloadIn(checks: CheckReport['checks']): ServerDownload | undefined {
  const line = checks.find(({ id }) => id === LINE);
  if (line === undefined || line.state === 'skipped') return undefined;
  return { reached: line.state === 'ok', said: line.said };
}

/** For the canary's evidence: what follows from it. */
export const downloadSaid = ({ reached, said }: ServerDownload): string =>
  reached
    ? "VS Code's server can be downloaded there"
    : `VS Code's server cannot be downloaded there (${said}): letters and the laptop check with --fix have laptops ` +
      'fetch it, by "remote.SSH.localServerDownload": "always"';
