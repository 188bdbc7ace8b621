/** Takes one line for a person about what is going on. */
export type Report = (line: string) => void;

/** The default {@link Report}: stderr, because stdout may be somebody's JSON. */
export const toStderr: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

const SAY_AGAIN_MS = 10_000;

/** Reports a slow step when it begins and every ten seconds until `work` settles. */
export async function reportingWhile<T>(label: string, report: Report, work: Promise<T>): Promise<T> {
  const started = performance.now();
  report(`${label} …`);
  const timer = setInterval(
    () => report(`${label} … ${Math.round((performance.now() - started) / 1_000)} s`),
    SAY_AGAIN_MS,
  );
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
