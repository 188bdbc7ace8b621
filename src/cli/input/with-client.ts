import type { WorkshopClient } from '../../client.ts';
import type { WorkshopReader } from '../../reader.ts';
import { interceptorsOfCommand } from '../traced.ts';

/**
 * Connects to the Temporal server of the environment, and lets go of it whatever happens. Temporal's client is loaded
 * here: it takes longer than everything else that a short command does.
 */
export async function withClient<T>(use: (client: WorkshopClient) => Promise<T>): Promise<T> {
  const { WorkshopClient: Client } = await import('../../client.ts');
  const client = await Client.connect(process.env, interceptorsOfCommand());
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** The same for commands that only look. They load no more than reading takes. */
export async function withReader<T>(use: (reader: WorkshopReader) => Promise<T>): Promise<T> {
  const { WorkshopReader: Reader } = await import('../../reader.ts');
  const reader = await Reader.open(process.env);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}
