/** Whether a version such as `1.14.0-dev` is at least another such as `0.269`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const have = numbers(version);
  for (const [index, least] of numbers(wanted).entries()) {
    const here = have[index] ?? 0;
    if (here !== least) return here > least;
  }
  return true;
}

const numbers = (version: string): number[] => (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
