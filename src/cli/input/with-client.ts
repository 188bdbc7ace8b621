import { WorkshopClient } from '../../client.ts';

/** Connects to the Temporal server of the environment, and lets go of it whatever happens. */
export async function withClient<T>(use: (client: WorkshopClient) => Promise<T>): Promise<T> {
  const client = await WorkshopClient.connect(process.env);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
