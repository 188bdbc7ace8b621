import { createServer } from 'node:net';
import { WrongInput } from '../input/exit.ts';

const TAKEN = 'another program listens there, perhaps a "workshop local" that is still running';

/** Sees that nobody listens there yet. @throws {WrongInput} naming the option that chooses another. */
export async function mustBeFree(port: number, option: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((settle, fail) => {
      server.once('error', fail);
      server.listen(port, '127.0.0.1', settle);
    });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new WrongInput(
      `Port ${port} cannot be used: ${taken ? TAKEN : (error as Error).message}. Choose another with ${option}.`,
    );
  } finally {
    server.close();
  }
}
