import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { startTemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { WorkshopClient } from '../../../src/client.ts';
import { temporalOptions } from '../../../src/temporal/connection-options.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/temporal/register-search-attributes.ts';
import { scratchFolder } from '../../scratch.ts';

/** A lifecycle that answers, and does nothing; and the room. */
export const ON_ITS_DAY = fileURLToPath(new URL('./lifecycle-on-its-day.ts', import.meta.url));

/** A Temporal server, with workers of this process. */
export interface SmallServer {
  readonly env: Readonly<Record<string, string>>;
  readonly temporal: Client;
  readonly client: WorkshopClient;
  /** Begins to work; ends with the server. */
  readonly work: (
    options: Pick<WorkerOptions, 'taskQueue' | 'workflowsPath' | 'activities' | 'maxTaskQueueActivitiesPerSecond'>,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What was opened is closed again when the rest cannot be. */
export async function openSmallServer(): Promise<SmallServer> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const closing: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    for (const each of closing.toReversed()) await each();
  };
  try {
    const log = join(
      scratchFolder((clean) => closing.push(clean)),
      'log',
    );
    const server = await startTemporalServer({ ui: false, log, searchAttributes: SEARCH_ATTRIBUTES });
    closing.push(() => server.stop());
    const env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    const { dataConverter } = temporalOptions(env);
    const connection = await Connection.connect({ address: server.address });
    closing.push(() => connection.close());
    const native = await NativeConnection.connect({ address: server.address });
    closing.push(() => native.close());
    const client = await WorkshopClient.connect(env);
    closing.push(() => client.close());
    return {
      env,
      temporal: new Client({ connection, dataConverter }),
      client,
      work: async (options) => {
        const common = {
          connection: native,
          dataConverter,
          shutdownGraceTime: '1s',
          shutdownForceTime: '10s',
        } as const;
        const worker = await Worker.create({ ...common, ...options });
        const running = worker.run();
        closing.push(async () => {
          worker.shutdown();
          await running;
        });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
