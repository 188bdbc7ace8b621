import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandTree, type CompletedCommand } from '../../../src/cli/completion/command-tree.ts';
import { completionScript } from '../../../src/cli/completion/completion-script.ts';
import { workshopProgram } from '../../../src/cli/program.ts';
import { findOnPath } from '../../../src/executable.ts';
import { scratchFolder } from '../../scratch.ts';

const program = await workshopProgram();
const tree = commandTree(program);
let folder: string;
let clean = (): void => {};

beforeAll(() => {
  folder = scratchFolder((remove) => (clean = remove));
  mkdirSync(join(folder, 'workshops', 'spring-apps'), { recursive: true });
  writeFileSync(join(folder, 'my plan.yaml'), '');
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(folder, shell), completionScript(shell, program));
  return () => clean();
});

const output = (command: string, args: readonly string[]): string[] =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    .split('\n')
    .filter((line) => line !== '');

const at = (place: string): CompletedCommand | undefined => tree.find((command) => command.place === place);

/** Words that are written, the last one in part, and what has to be among what is offered, and what must not. */
const CASES: readonly (readonly [written: readonly string[], offered: readonly string[], not: readonly string[]])[] = [
  [[''], ['list', 'status', 'attendees', 'teardown'], ['spring-apps']],
  [['att'], ['attendees'], ['status']],
  [['attendees', ''], ['list', 'add'], ['status']],
  [['attendees', 'list', ''], ['spring-apps'], ['list']],
  [
    ['attendees', 'list', '--state', ''],
    ['failed', 'asleep'],
    ['spring-apps', 'my plan.yaml'],
  ],
  [['status', '--'], ['--watch', '--json', '--help'], ['list']],
  [['plan', 'my'], ['my plan.yaml'], []],
  [['completion', ''], ['bash', 'zsh', 'fish', 'pwsh'], ['my plan.yaml']],
  [['rehearse', '--nodes', 'r'], ['real'], ['simulated']],
  [['why', 's'], ['spring-apps'], []],
  [['teardown', ''], ['spring-apps', 'my plan.yaml'], []],
];

describe('the tree of commands', () => {
  it('has every command and option, what values they take, and what is said of them', () => {
    expect(tree.map(({ place }) => place)).toEqual(expect.arrayContaining(['', 'status', 'attendees list', 'cancel']));
    expect(at('')?.below).toContainEqual({ name: 'completion', description: expect.stringContaining('Print what') });
    expect(at('attendees list')).toMatchObject({ values: ['ids'] });
    expect(at('attendees list')?.options).toContainEqual({
      names: ['--state'],
      description: 'only those in this state',
      value: { choices: expect.arrayContaining(['failed']) },
    });
    expect(at('status')?.options).toContainEqual({ names: ['--watch'], description: expect.any(String) });
    expect(at('teardown')?.values).toEqual(['ids and files']);
    expect(at('completion')?.values).toEqual([{ choices: ['bash', 'zsh', 'fish', 'pwsh'] }]);
  });

  it.each(['bash', 'zsh', 'fish', 'pwsh'] as const)('is in the script for %s whole', (shell) => {
    const script = completionScript(shell, program);
    for (const { place, options } of tree) {
      expect(script).toContain(place);
      for (const { names } of options) expect(script).toContain(names.at(-1)?.replace(/^--/, ''));
    }
  });
});

it.each(CASES)('bash: %j', (written, offered, not) => {
  const script = `source ./bash; complete -p workshop >&2
    COMP_WORDS=(bin/workshop "$@"); COMP_CWORD=$#; _workshop; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const found = output('bash', ['--norc', '-c', script, 'bash', ...written]);
  expect(found).toEqual(expect.arrayContaining([...offered]));
  for (const word of not) expect(found).not.toContain(word);
});

it.skipIf(!findOnPath('fish', process.env['PATH'])).each(CASES)('fish: %j', (written, offered, not) => {
  const found = output('fish', ['--no-config', '-c', `source ./fish; complete -C 'workshop ${written.join(' ')}'`]);
  const words = found.map((line) => line.replace(/\t.*/, ''));
  expect(words).toEqual(expect.arrayContaining([...offered]));
  for (const word of not) expect(words).not.toContain(word);
});

/** What zsh shows for a tab in a terminal. */
const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; autoload -Uz compinit; compinit -u -D; LISTMAX=1000; source ./zsh"
zpty -w z "bindkey '^I' list-choices; echo REA''DY"
while zpty -r z line '*READY*'; do break; done
zpty -w -n z "workshop $1"$'\\t'
sleep 1
zpty -w -n z $'\\x15exit\\n'
while zpty -r z line; do print -r -- "$line"; done
`;

it.skipIf(!findOnPath('zsh', process.env['PATH'])).each([
  ['attendees ', /^(?=[^]*list +-- List everybody)(?=[^]*export)/],
  ['attendees list --state ', /asleep[^]*verifying/],
  ['why ', /spring-apps/],
  ['status --', /--watch +-- keep showing it/],
])('zsh: %s', (written, offered) => {
  expect(output('zsh', ['-f', '-c', ZSH, 'zsh', written]).join('\n')).toMatch(offered);
});
