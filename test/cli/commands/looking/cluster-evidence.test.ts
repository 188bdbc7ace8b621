import { expect, it } from 'vitest';
import { readEvidence } from '../../../../src/cli/commands/looking/cluster-evidence.ts';
import { DatabricksError } from '../../../../src/databricks/workspace.ts';
import type { Workspace } from '../../../../src/databricks/workspace.ts';

type Part = Pick<Workspace, 'clusters' | 'files'>;
const refused = new DatabricksError({
  call: 'GET /api/2.0/fs',
  status: 403,
  errorCode: 'PERMISSION_DENIED',
  detail: 'no',
});
const LOGS = '/Volumes/main/default/logs';

function workspace(given: { log?: string | Error; events?: Error; logs?: string }): Part {
  return {
    clusters: {
      get: async () => ({
        cluster_id: 'c',
        state: 'RUNNING',
        ...(given.logs === undefined ? {} : { cluster_log_conf: { volumes: { destination: given.logs } } }),
      }),
      async *events() {
        if (given.events) throw given.events;
        const status = { status: 'FAILED_EXECUTION', error_message: 'exit 12' };
        yield { type: 'INIT_SCRIPTS_FINISHED', timestamp: 2, details: { init_scripts: { cluster: [status] } } };
        yield { type: 'INIT_SCRIPTS_STARTED', timestamp: 1, details: { init_scripts: { cluster: [{}] } } };
      },
    },
    files: {
      download: async (path: string) => {
        if (given.log instanceof Error) throw given.log;
        expect(path).toBe(`${LOGS}/c/init-script-claude.log`);
        return given.log === undefined ? undefined : Buffer.from(given.log);
      },
    },
  } as unknown as Part;
}

it('reads state, events from the oldest on, and the end of the log where the cluster delivers it', async () => {
  const log = Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n');
  expect(await readEvidence(workspace({ log, logs: `${LOGS}/` }), 'c')).toEqual({
    state: 'RUNNING',
    events: [
      { at: 1, type: 'INIT_SCRIPTS_STARTED' },
      { at: 2, type: 'INIT_SCRIPTS_FINISHED', said: 'init script FAILED_EXECUTION: exit 12' },
    ],
    initLog: { path: `${LOGS}/c/init-script-claude.log`, lines: Array.from({ length: 8 }, (_, n) => `line ${n + 12}`) },
    missing: [],
  });
});

it('what may not be read is said, and hides nothing else', async () => {
  const { state, events, missing } = await readEvidence(workspace({ events: refused, log: refused, logs: LOGS }), 'c');
  expect([state, events]).toEqual(['RUNNING', []]);
  expect(missing).toEqual([
    expect.stringMatching(/^Its events could not be read: /),
    expect.stringMatching(/^Its init log could not be read: /),
  ]);
});

it('where there is no log yet, or none is delivered, that is said', async () => {
  expect((await readEvidence(workspace({ logs: LOGS }), 'c')).missing).toEqual([
    `There is no init log yet: ${LOGS}/c/init-script-claude.log`,
  ]);
  expect((await readEvidence(workspace({}), 'c')).missing).toEqual(['It writes its init log to no volume.']);
});
