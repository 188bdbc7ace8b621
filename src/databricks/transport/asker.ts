import { AsyncLocalStorage } from 'node:async_hooks';

const asker = new AsyncLocalStorage<string>();

/** Whatever `act` asks of a workspace waits in line for this asker, who gets turns like every other. */
export const onBehalfOf = <T>(whom: string, act: () => T): T => asker.run(whom, act);

/** For whom a call is made; all for whom nobody said it are one asker. */
export const whoAsks = (): string => asker.getStore() ?? '';
