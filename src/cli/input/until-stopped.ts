/** Resolves at the first Ctrl-C or SIGTERM. A second one ends the program at once, as everywhere. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
