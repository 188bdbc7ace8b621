import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import { findOnPath, isExecutable } from '../../executable.ts';
import { placeOnce } from './place-once.ts';
import { reportingWhile, toStderr } from './download-progress.ts';
import { runCommand } from './run-command.ts';
import { downloadWithSdk } from './sdk-download.ts';
import type { FindOptions } from './temporal-binary.ts';

const VERSION = '1.32.0';
const MAVEN_DEADLINE_MS = 10 * 60_000;
const NAME = 'temporal-test-server';

export interface TestServerBinary {
  readonly path: string;
  readonly source: 'environment' | 'cache' | 'download' | 'maven';
}

/**
 * Finds Temporal's time-skipping test server, or fetches it: TEMPORAL_TEST_SERVER (a file to run), the project's
 * cache, the SDK's own download, Maven. Only tests need it. Idempotent, and safe to call from several processes.
 * @throws {Error} that says what was tried and what to install.
 */
export async function findTestServer({
  env = process.env,
  report = toStderr,
}: FindOptions = {}): Promise<TestServerBinary> {
  const given = env['TEMPORAL_TEST_SERVER'];
  if (given) {
    if (isExecutable(given)) return { path: given, source: 'environment' };
    throw new Error(
      `TEMPORAL_TEST_SERVER is ${given}, which is not a file that can be run. Correct it, or unset ` +
        'it to have the server fetched.',
    );
  }

  // Another number for each other way in which LAUNCHER starts it.
  const folder = join(cacheFolder(env), `test-server-${VERSION}-2`);
  const path = join(folder, NAME);
  if (isExecutable(path)) return { path, source: 'cache' };

  const tried: string[] = [];
  let source: TestServerBinary['source'] = 'cache';
  const placed = await placeOnce(
    folder,
    () => isExecutable(path),
    async (staging) => {
      const downloads = join(staging, 'download');
      mkdirSync(downloads);
      const download = await reportingWhile(
        'Downloading the time-skipping test server',
        report,
        downloadWithSdk('time-skipping', downloads, env),
      );
      if ('file' in download) {
        source = 'download';
        return asOnlyFile(staging, download.file);
      }
      tried.push(`download: ${download.reason}`);

      const fetched = await fetchWithMaven(staging, env, report);
      if ('folder' in fetched) {
        source = 'maven';
        return fetched.folder;
      }
      tried.push(`Maven: ${fetched.reason}`);
      return undefined;
    },
    report,
  );
  if (placed) return { path, source };

  throw new Error(
    'The time-skipping test server, which the workflow tests need, was not found and could not be fetched.\n' +
      tried.map((line) => `  - ${line}\n`).join('') +
      'Do one of these and run this again:\n' +
      '  - give this machine access to https://temporal.download and https://github.com\n' +
      '  - install Java 11 or newer and Maven (on Debian and Ubuntu: apt-get install default-jre-headless maven)\n' +
      '  - set TEMPORAL_TEST_SERVER to a temporal-test-server that is already on this machine',
  );
}

/** A folder that holds nothing but the server, under its name. */
function asOnlyFile(staging: string, file: string): string {
  const folder = join(staging, 'server');
  mkdirSync(folder);
  renameSync(file, join(folder, NAME));
  return folder;
}

/** Each test has a server of its own: what a long life would repay, compiling and collecting, is left out. */
const LAUNCHER =
  '#!/bin/sh\n' +
  'exec java -cp "$(dirname -- "$0")/lib/*" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ' +
  'io.temporal.testserver.TestServer "$@"\n';

async function fetchWithMaven(
  staging: string,
  env: NodeJS.ProcessEnv,
  report: NonNullable<FindOptions['report']>,
): Promise<{ folder: string } | { reason: string }> {
  const java = findOnPath('java', env['PATH']);
  const maven = findOnPath('mvn', env['PATH']);
  if (java === undefined) return { reason: 'Java is not installed' };
  if (maven === undefined) return { reason: 'Maven is not installed' };

  const folder = join(staging, 'server');
  mkdirSync(folder);
  writeFileSync(
    join(staging, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>workshop</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>${NAME}</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`,
  );
  const { ok, output, reason } = await reportingWhile(
    'Fetching the time-skipping test server with Maven (once)',
    report,
    runCommand(
      maven,
      [
        '-B',
        '-q',
        'dependency:copy-dependencies',
        `-DoutputDirectory=${join(folder, 'lib')}`,
        '-DincludeScope=runtime',
      ],
      {
        cwd: staging,
        env: { ...env },
        deadlineMs: MAVEN_DEADLINE_MS,
      },
    ),
  );
  if (!ok) return { reason: /\[ERROR\] (.*)/.exec(output)?.[1]?.slice(0, 300) ?? reason };
  const script = join(folder, NAME);
  writeFileSync(script, LAUNCHER);
  chmodSync(script, 0o755);
  return { folder };
}
