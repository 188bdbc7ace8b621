import type { WorkshopClient } from '../../client.ts';

/**
 * Connects to the Temporal server of the environment, and lets go of it whatever happens. Temporal's client is loaded
 * here: it takes longer than everything else that a short command does.
 */
export async function withClient<T>(use: (client: WorkshopClient) => Promise<T>): Promise<T> {
  const { WorkshopClient: Client } = await import('../../client.ts');
  const client = await Client.connect(process.env);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
