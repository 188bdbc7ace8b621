/** Key and name, newest first. */
const SPARK_VERSIONS: readonly (readonly [string, string])[] = [
  ['18.1.x-scala2.13', '18.1 (includes Apache Spark 4.1.0, Scala 2.13)'],
  ['18.0.x-scala2.13', '18.0 (includes Apache Spark 4.1.0, Scala 2.13)'],
  ['17.3.x-scala2.13', '17.3 LTS (includes Apache Spark 4.0.0, Scala 2.13)'],
  ['17.3.x-cpu-ml-scala2.13', '17.3 LTS ML (includes Apache Spark 4.0.0, Scala 2.13)'],
  ['17.3.x-gpu-ml-scala2.13', '17.3 LTS ML (includes Apache Spark 4.0.0, GPU, Scala 2.13)'],
  ['16.4.x-scala2.13', '16.4 LTS (includes Apache Spark 3.5.2, Scala 2.13)'],
  ['16.4.x-scala2.12', '16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)'],
  ['16.4.x-cpu-ml-scala2.12', '16.4 LTS ML (includes Apache Spark 3.5.2, Scala 2.12)'],
  ['15.4.x-scala2.12', '15.4 LTS (includes Apache Spark 3.5.0, Scala 2.12)'],
  ['14.3.x-scala2.12', '14.3 LTS (includes Apache Spark 3.5.0, Scala 2.12)'],
];

export const isSparkVersion = (key: string): boolean => SPARK_VERSIONS.some(([known]) => known === key);

/**
 * The newest runtime of the kind that a policy may ask for: `auto:latest`, `auto:latest-lts`, `auto:latest-ml`,
 * `auto:latest-ml-gpu`, and `auto:prev-lts` and so on for the one before. Undefined when it is no such word.
 */
export function latestSparkVersion(word: string): string | undefined {
  const match = /^auto:(latest|prev)(?:-(lts|major))?(?:-(ml))?(?:-(gpu))?$/.exec(word);
  if (!match) return undefined;
  const [, which, lts, ml, gpu] = match;
  const wanted = SPARK_VERSIONS.filter(
    ([key, name]) =>
      (lts !== 'lts' || name.includes('LTS')) &&
      name.includes(' ML') === (ml !== undefined) &&
      (ml === undefined || key.includes('gpu') === (gpu !== undefined)),
  );
  const releases = [...new Set(wanted.map(([key]) => key.split('.x')[0]))];
  return wanted.find(([key]) => key.startsWith(`${releases[which === 'prev' ? 1 : 0] ?? ''}.x`))?.[0];
}

/** The answer of clusters/spark-versions. */
export const sparkVersionList = (): unknown => ({ versions: SPARK_VERSIONS.map(([key, name]) => ({ key, name })) });
