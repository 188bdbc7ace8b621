import { Runtime } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';

// The child process of sdk-download.ts: <dev-server|time-skipping> <folder>.
const [server, downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error('usage: sdk-download-process.ts dev-server|time-skipping <folder>');

Runtime.install({ logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });

const executable = { type: 'cached-download', downloadDir } as const;
try {
  const environment =
    server === 'dev-server'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await environment.teardown();
} catch (error) {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // The cause comes last, after the same long address again and again.
  process.stderr.write(
    `${message.replace(/error sending request for url \((https?:\/\/[^/?)]+)[^)]*\): /g, '$1: ')}\n`,
  );
  process.exitCode = 1;
}
