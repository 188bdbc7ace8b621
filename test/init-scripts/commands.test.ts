import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PINNED_CLAUDE_CODE } from '../../src/domain/replayed/made/claude-code.ts';
import { EXPLAINED_EXITS } from '../../src/domain/replayed/diagnosis/init-script-exit.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';

const INIT_SCRIPTS = join(import.meta.dirname, '..', '..', 'init-scripts');
const SCRIPT = join(INIT_SCRIPTS, 'install-claude-code.sh');
const script = readFileSync(SCRIPT, 'utf8');
const commands = readdirSync(join(INIT_SCRIPTS, 'bin'));

test("the guide's eight commands are there, and those for the exercise, apps, work and help", () => {
  expect(commands.sort()).toEqual([
    'check-claude',
    'claude-debug',
    'claude-refresh-token',
    'claude-token-status',
    'claude-tracing-enable',
    'claude-vscode-check',
    'claude-vscode-env',
    'claude-vscode-setup',
    'deploy-app',
    'exercise-check',
    'help-me',
    'save-work',
    'show-app',
  ]);
});

test.each(commands)('%s explains itself, its exit status too, and refuses what it does not know', (name) => {
  const path = join(INIT_SCRIPTS, 'bin', name);
  const help = execFileSync('/bin/bash', [path, '--help'], { encoding: 'utf8' });
  expect(help).toMatch(new RegExp(`^Usage: ${name} `));
  expect(help).toContain('--json');
  expect(help).toContain('Exit status: 0 ');
  const wrong = spawnSync('/bin/bash', [path, '--nothing'], { encoding: 'utf8' });
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toContain(`${name}: unknown option --nothing`);
});

test('the init script is smaller than the 64 KB that a cluster-scoped one may have', () => {
  expect(statSync(SCRIPT).size).toBeLessThan(64 * 1024);
});

test('it pins what the program pins, and falls back on what a plan falls back on', () => {
  expect(script).toContain(
    `PINNED_VERSION=${PINNED_CLAUDE_CODE.version}\nPINNED_SHA256=${PINNED_CLAUDE_CODE.sha256}\n`,
  );
  const { serving, unityCatalog } = examplePlan();
  expect(script).toContain(`WORKSHOP_MODEL:-${serving.model}}`);
  expect(script).toContain(`WORKSHOP_SCRIPTS:-/Volumes/${unityCatalog.scripts.replaceAll('.', '/')}}`);
});

test('how long something lasts is said so that people see it, and never as less than nothing', () => {
  const said = (seconds: number) =>
    execFileSync('/bin/bash', ['-c', `. "$1"; for_people ${seconds}`, 'bash', join(INIT_SCRIPTS, 'lib', 'token.sh')], {
      encoding: 'utf8',
    });
  expect([-1, 0, 119, 130, 8_000].map(said)).toEqual(['0 s', '0 s', '119 s', '2 min', '2 h 13 min']);
});

test('every status it may fail with is explained', () => {
  const given = new Set([...script.matchAll(/\bfail (\d+) /g)].map(([, status]) => Number(status)));
  given.delete(1);
  expect([...given].sort((a, b) => a - b)).toEqual(EXPLAINED_EXITS);
});
