import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder, script } from '../../scratch.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const EXPERIMENT = '-u databricks -n /Users/ann@example.com/claude-workshop-tracing';
const HOOK = '"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "mlflow autolog claude stop-hook"}]}]}';

/**
 * The command lines of MLflow (docs/facts/claude-on-databricks.md section 7): what --help says, and which words after
 * `autolog claude` are taken.
 */
const GENERATIONS = {
  '3.10': { help: 'Usage: claude [DIRECTORY]\n  -u, --tracking-uri TEXT', refuses: '*" -d "*' },
  '3.12': {
    help: '  -d, --directory DIRECTORY  where\n  -u, --tracking-uri TEXT',
    refuses: '"claude /"* | "claude --disable /"*',
  },
  '3.13': {
    help: '  -d, --directory DIRECTORY\n  -y, --yes  ask nothing',
    refuses: '"claude /"* | "claude --disable /"*',
  },
} as const;

async function withMlflow(generation: keyof typeof GENERATIONS, github = true) {
  const home = scratchFolder();
  const folder = join(home, 'workshop');
  mkdirSync(join(folder, '.claude'), { recursive: true });
  writeFileSync(join(folder, '.claude', 'settings.json'), '{}');
  const { help, refuses } = GENERATIONS[generation];
  const mlflow = join(home, '.venvs', 'tracing', 'bin', 'mlflow');
  script(
    mlflow,
    `shift; case "$*" in *--help*) cat <<'TEXT'
${help}
TEXT
      exit ;; esac
echo "$*" >> ${home}/asked
case "$*" in ${refuses}) echo "Error: No such command" >&2; exit 2 ;; *--disable*) exit 0 ;; esac
case "$*" in *" -y") ${github ? ':' : 'echo "cannot reach github.com" >&2; exit 1'} ;; esac
echo '{${HOOK}}' > ${folder}/.claude/settings.json`,
  );
  const server = createServer((_, response) => response.end('{"userName": "ann@example.com"}'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    DATABRICKS_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    DATABRICKS_TOKEN: 'dapi-of-nobody-0123456789',
    WORKSHOP_TOKEN_FOLDER: join(home, 'tokens'),
  };
  const run = (...options: readonly string[]) =>
    new Promise<{ code: number; stdout: string }>((resolve) => {
      execFile(join(INIT_SCRIPTS, 'bin', 'claude-tracing-enable'), options, { env }, (error, stdout) =>
        resolve({ code: error ? Number(error.code) : 0, stdout }),
      );
    });
  return { folder, mlflow, run, asked: () => readFileSync(join(home, 'asked'), 'utf8').trimEnd().split('\n') };
}

test.each([
  ['3.10', '', ''],
  ['3.12', '-d ', ''],
  ['3.13', '-d ', ' -y'],
] as const)('MLflow %s is asked in its own words', async (generation, before, after) => {
  const { folder, mlflow, run, asked } = await withMlflow(generation);
  expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining(`on in ${folder}`) });
  expect(await run('--off')).toMatchObject({ code: 0, stdout: expect.stringContaining(`off in ${folder}`) });
  expect(asked()).toEqual([`claude ${before}${folder} ${EXPERIMENT}${after}`, `claude --disable ${before}${folder}`]);
  // The hook is found from every shell, and gives no trouble on the next cluster.
  const { hooks } = JSON.parse(readFileSync(join(folder, '.claude', 'settings.json'), 'utf8'));
  expect(hooks.Stop[0].hooks[0].command).toBe(`[ ! -x ${mlflow} ] || ${mlflow} autolog claude stop-hook`);
});

test('without GitHub it is told which MLflow does without', async () => {
  const { run } = await withMlflow('3.13', false);
  const { code, stdout } = await run();
  expect(code).toBe(1);
  expect(stdout).toContain('MLflow refuses: cannot reach github.com (from 3.13 on MLflow fetches a plugin from GitHub');
  expect(stdout).toContain("pip install 'mlflow[databricks]==3.12.0' && claude-tracing-enable");
});
