import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.ts';

export type SdkServer = 'dev-server' | 'time-skipping';

/** Long enough for a few hundred megabytes on a slow line, as long as bytes keep coming. */
const DEADLINE_MS = 15 * 60_000;
/** With a firewall that swallows packets, nothing ever answers: no first byte, no patience. */
const STALLED_MS = 20_000;

/**
 * Lets Temporal's SDK download one of its servers into `folder`. Runs in a process of its own, because the SDK's
 * download has neither a deadline nor a way to stop it. Returns the file, or the reason why there is none.
 */
export async function downloadWithSdk(
  server: SdkServer,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ file: string } | { reason: string }> {
  const entry = fileURLToPath(new URL('./sdk-download-process.ts', import.meta.url));
  let bytes = 0;
  let changed = performance.now();
  const giveUp = new AbortController();
  const watch = setInterval(() => {
    const now = sizeOf(folder);
    if (now !== bytes) {
      bytes = now;
      changed = performance.now();
    } else if (performance.now() - changed > STALLED_MS) giveUp.abort(`nothing arrived for ${STALLED_MS / 1_000} s`);
  }, 1_000);
  const { reason } = await runCommand(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', entry, server, folder],
    { env, deadlineMs: DEADLINE_MS, giveUp: giveUp.signal },
  );
  clearInterval(watch);
  // The SDK starts the server right after the download; that this failed matters to nobody yet.
  const file = readdirSync(folder).find((name) => name.startsWith('temporal') && !name.endsWith('.downloading'));
  return file === undefined ? { reason: reason || 'the SDK left no file' } : { file: join(folder, file) };
}

function sizeOf(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder)) sum += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return sum;
}
