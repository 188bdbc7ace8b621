import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { whyNotReal } from '../../../sandbox/index.ts';
import { clusterFiles, type StagedFile } from '../../../src/bundle/on-cluster.ts';
import { claudeCodeArchive } from '../../../src/cli/bundle/claude-code-archive.ts';
import { findOnPath } from '../../../src/executable.ts';
import { BUNDLE, PINNED_CLAUDE_CODE } from '../../../src/domain/replayed/made/claude-code.ts';
import { carriedSettings } from '../../../src/domain/replayed/made/claude-settings.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { ANN } from '../../../sandbox/test/harness.ts';
import { INIT_SCRIPTS, SCRIPTS } from '../workshop-node.ts';

/** The newest of npm when the facts were found; others, like today's, in WORKSHOP_TRY_CLAUDE with commas between. */
const NEWER = '2.1.332';
const VERSIONS = [
  ...new Set([PINNED_CLAUDE_CODE.version, NEWER, ...(process.env['WORKSHOP_TRY_CLAUDE'] ?? '').split(',')]),
].filter((version) => version !== '');

export interface TriedClaude {
  readonly version: string;
  readonly files: readonly StagedFile[];
}

const machines = await whyNotReal();
const lacks =
  machines ?? (findOnPath('script', process.env['PATH']) === undefined ? 'there is no script(1)' : undefined);
const fetched = await Promise.all(
  VERSIONS.map(async (version) => ({
    version,
    archive: lacks === undefined ? await claudeCodeArchive(version) : { reason: lacks },
  })),
);

/** Tests with each version of Claude Code; one that npm does not give is left out by name and with the reason. */
export function describeWithEachClaude(tests: (claude: () => Promise<TriedClaude>) => void): void {
  for (const { version, archive } of fetched) {
    const why = 'reason' in archive ? archive.reason : undefined;
    describe.skipIf(why !== undefined)(`Claude Code ${version}${why === undefined ? '' : ` (left out: ${why})`}`, () =>
      tests(async () => {
        if ('reason' in archive) throw new Error(archive.reason);
        const name = BUNDLE.archive(version);
        const folder = BUNDLE.claudeCode(version);
        return {
          version,
          files: [
            ...(await clusterFiles(INIT_SCRIPTS)),
            { name: `${folder}/${name}`, bytes: readFileSync(archive.path) },
            { name: `${folder}/${BUNDLE.sums}`, bytes: Buffer.from(`${archive.sha256}  ${name}\n`) },
          ],
        };
      }),
    );
  }
}

/** The variables of a cluster and of a session on it, where every other host than the recorder goes through it. */
export const sessionOf = (plan: Plan, version: string, url: string): Readonly<Record<string, string>> => ({
  HOME: '/root',
  TERM: 'xterm-256color',
  WORKSHOP_CLAUDE_VERSION: version,
  WORKSHOP_CLAUDE_SETTINGS: carriedSettings(plan),
  WORKSHOP_MODEL: plan.serving.model,
  WORKSHOP_HOST: url,
  WORKSHOP_USER: ANN,
  DATABRICKS_HOST: url,
  DATABRICKS_TOKEN: 'dapi-of-nobody-0123456789',
  HTTPS_PROXY: url,
  HTTP_PROXY: url,
  NO_PROXY: '127.0.0.1',
});

/** Installs, and then does this in the work folder, which is a link as on a cluster. */
export const afterInstalling = (command: string): string =>
  `mkdir -p /Workspace/Users/${ANN}
   bash ${SCRIPTS}/install-claude-code.sh >/tmp/said 2>&1 || { cat /tmp/said; exit 99; }
   . /etc/profile.d/claude-workshop.sh; cd ~/workshop && ${command}`;
