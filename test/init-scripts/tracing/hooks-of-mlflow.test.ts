import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../sandbox/index.ts';
import { ANN, scratchFolder } from '../../../sandbox/test/harness.ts';
import { runProgram, type Outcome } from '../../run-program.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const COMMAND = join(INIT_SCRIPTS, 'bin', 'claude-tracing-enable');
/** A minute, and several on a computer that has other work. */
const INSTALLATION = 10 * 60_000;

/** Ann's home folder on this computer, and what she types there. */
async function home() {
  const sandbox = await startSandbox({ people: [ANN] });
  onTestFinished(() => sandbox.close());
  const folder = scratchFolder();
  mkdirSync(join(folder, 'workshop'));
  // Programs of this computer may have tokens, too, and the newest counts: hers is younger than all of them.
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  writeFileSync(join(tokens, 'pasted'), `${sandbox.tokenFor(ANN)}\n`);
  utimesSync(join(tokens, 'pasted'), Date.now() / 1_000 + 3_600, Date.now() / 1_000 + 3_600);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    DATABRICKS_HOST: sandbox.url,
    WORKSHOP_TOKEN_FOLDER: tokens,
  };
  const settings = join(folder, 'workshop', '.claude', 'settings.json');
  return {
    at: (path: string): string => join(folder, path),
    type: (line: string): Promise<Outcome> => runProgram('/bin/bash', ['-c', line], env),
    program: (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      chmodSync(join(folder, path), 0o755);
    },
    written: (): string => (existsSync(settings) ? readFileSync(settings, 'utf8') : '{}'),
  };
}

interface Settings {
  readonly hooks?: { readonly Stop?: readonly { readonly hooks: readonly { readonly command: string }[] }[] };
}

const hookIn = (written: string): string | undefined =>
  (JSON.parse(written) as Settings).hooks?.Stop?.[0]?.hooks[0]?.command;

/** As 3.4.0 to 3.10.1 write it (docs/facts/claude-on-databricks.md section 7). */
const OLDER = `[ "$*" != "autolog claude --help" ] || exit 0
mkdir -p "$3/.claude"
cat > "$3/.claude/settings.json" <<'JSON'
{"hooks": {"Stop": [{"hooks": [{"type": "command",
  "command": "python -c \\"from mlflow.claude_code.hooks import stop_hook_handler; stop_hook_handler()\\""}]}]}}
JSON
`;

describe('an MLflow older than 3.11, whose hook is a line of Python', () => {
  test('is said to record with any python, where it is not known which one has MLflow', async () => {
    const { type, program, written } = await home();
    program('.venvs/tracing/bin/mlflow', `#!/bin/bash\n${OLDER}`);
    const { stdout, code } = await type(`bash ${COMMAND}`);
    expect(stdout).toMatch(
      /^warn {2}hook .*older than 3\.11.*whichever "python" Claude Code finds.* after each answer$/m,
    );
    expect(stdout).toContain("pip install 'mlflow[databricks]==3.12.0'");
    expect(code).toBe(0);
    expect(hookIn(written())).toMatch(/^python -c /);
  });

  test('records with the one that MLflow runs with, and does nothing where that is gone', async () => {
    const { at, type, program, written } = await home();
    const python = '.venvs/tracing/bin/python3';
    program(
      python,
      `#!/bin/bash
if [ "$1" = -c ]; then [ "$2" = "import mlflow" ] || echo "$2" > ~/recorded; exit; fi
shift\n${OLDER}`,
    );
    program('.venvs/tracing/bin/mlflow', `#!${at(python)}\n`);
    const { stdout, stderr } = await type(`bash ${COMMAND}`);
    expect(stdout, stderr).toMatch(/^ok {4}hook .*older than 3\.11: after each answer .*\/python3 record it$/m);
    const hook = hookIn(written()) ?? '';
    expect((await type(hook)).code).toBe(0);
    expect(readFileSync(at('recorded'), 'utf8')).toContain('stop_hook_handler()');
    expect(await type(`rm ~/${python}; ${hook}`)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

/** Undefined where PyPI has answered. */
function whyNothingCanBeInstalled(): string | undefined {
  if (spawnSync('python3', ['-c', 'import ensurepip, venv']).status !== 0)
    return 'this computer has no python3 with venv';
  const args = ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--quiet', '--retries', '0', '--dest'];
  const folder = mkdtempSync(join(tmpdir(), 'pypi-'));
  const asked = spawnSync('python3', [...args, folder, 'python-dateutil==2.9.0.post0'], { timeout: 60_000 });
  rmSync(folder, { recursive: true, force: true });
  return asked.status === 0 ? undefined : 'PyPI is not reached';
}

const absent = whyNothingCanBeInstalled();

/**
 * The real one, and of what it needs as much as its command line takes: the rest, a gigabyte for data science, is
 * nothing to these commands.
 */
const install = (version: string): string =>
  [
    'python3 -m venv ~/.venvs/tracing',
    `pip="$HOME/.venvs/tracing/bin/pip install --quiet --disable-pip-version-check"`,
    `$pip 'mlflow-skinny==${version}' python-dateutil`,
    `$pip --no-deps 'mlflow==${version}'`,
  ].join(' && ');

describe.skipIf(absent !== undefined)(`MLflow from PyPI${absent ? ` (left out: ${absent})` : ''}`, () => {
  test(
    'the version that is recommended records by a hook of its own, and is turned off again',
    async () => {
      const { at, type, written } = await home();
      const advice = await type(`bash ${COMMAND} --json`);
      const version = /mlflow\[databricks\]==([\d.]+)'/.exec(advice.stdout)?.[1] ?? '';
      const on = await type(`${install(version)} && bash ${COMMAND}`);
      expect(on.stdout, on.stderr).toMatch(/^ok {4}tracing +on in /m);
      const mlflow = at('.venvs/tracing/bin/mlflow');
      expect(hookIn(written())).toBe(`[ ! -x ${mlflow} ] || ${mlflow} autolog claude stop-hook`);
      expect(written()).toContain(`/Users/${ANN}/claude-workshop-tracing`);
      // It is a command that this MLflow has.
      expect(await type(`${mlflow} autolog claude stop-hook --help`)).toMatchObject({ code: 0 });
      const off = await type(`bash ${COMMAND} --off`);
      expect(off.stdout, off.stderr).toMatch(/^ok {4}tracing +off in /m);
      expect(hookIn(written())).toBeUndefined();
    },
    INSTALLATION,
  );

  test(
    'the last one with a line of Python for a hook gets its own interpreter, and is turned off again',
    async () => {
      const { at, type, written } = await home();
      const on = await type(`${install('3.10.1')} && bash ${COMMAND}`);
      expect(on.stdout, on.stderr).toMatch(/^ok {4}hook .*older than 3\.11/m);
      const python = at('.venvs/tracing/bin/python');
      expect(hookIn(written())).toMatch(new RegExp(`^\\[ ! -x ${python}\\S* \\] \\|\\| ${python}\\S* -c "from mlflow`));
      const off = await type(`bash ${COMMAND} --off`);
      expect(off.stdout, off.stderr).toMatch(/^ok {4}tracing +off in /m);
      expect(hookIn(written())).toBeUndefined();
    },
    INSTALLATION,
  );
});
