import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../scratch.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const NOTES = join(INIT_SCRIPTS, 'lib', 'for-claude');
const SKILLS = readdirSync(join(NOTES, 'skills'));
const COMMANDS = readdirSync(join(INIT_SCRIPTS, 'bin'));

function aHome() {
  const home = scratchFolder();
  const work = join(home, 'Users', 'ann@example.com', 'claude-workshop');
  mkdirSync(join(home, 'Users', 'ann@example.com'), { recursive: true });
  const put = () =>
    execFileSync(join(INIT_SCRIPTS, 'lib', 'work-folder'), {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        WORKSHOP_USER: 'ann@example.com',
        WORKSHOP_USERS_FOLDER: join(home, 'Users'),
      },
      stdio: 'pipe',
    });
  return { work, put };
}

test('notes and skills are put into the work folder once', () => {
  const { work, put } = aHome();
  put();
  expect(readFileSync(join(work, 'CLAUDE.md'), 'utf8')).toBe(readFileSync(join(NOTES, 'CLAUDE.md'), 'utf8'));
  expect(readdirSync(join(work, '.claude', 'skills'))).toEqual(SKILLS);
  rmSync(join(work, 'CLAUDE.md'));
  rmSync(join(work, '.claude'), { recursive: true });
  put();
  expect(readdirSync(work)).not.toContain('CLAUDE.md');
  expect(readdirSync(work)).not.toContain('.claude');
});

test("somebody's own notes and skills stay", () => {
  const { work, put } = aHome();
  const skill = join(work, '.claude', 'skills', 'databricks-apps');
  mkdirSync(skill, { recursive: true });
  writeFileSync(join(skill, 'SKILL.md'), 'mine');
  writeFileSync(join(work, 'CLAUDE.md'), 'mine too');
  put();
  expect(readFileSync(join(work, 'CLAUDE.md'), 'utf8')).toBe('mine too');
  expect(readFileSync(join(skill, 'SKILL.md'), 'utf8')).toBe('mine');
  expect(readdirSync(join(work, '.claude', 'skills'))).toEqual(SKILLS);
});

test('notes are short, each skill says when it is used, and commands exist', () => {
  const notes = readFileSync(join(NOTES, 'CLAUDE.md'), 'utf8');
  // They go with every request.
  expect(notes.length).toBeLessThan(2_500);
  const texts = SKILLS.map((name) => {
    const text = readFileSync(join(NOTES, 'skills', name, 'SKILL.md'), 'utf8');
    expect(text).toMatch(new RegExp(`^---\nname: ${name}\ndescription: .{50,400} Use it .*\n---\n`));
    expect(notes).toContain(name);
    return text;
  });
  const named = [notes, ...texts].flatMap((text) =>
    [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)(?= |`)/g)].map(([, command]) => command ?? ''),
  );
  expect(named).toContain('deploy-app');
  for (const command of named.filter((name) => name !== 'dash-app')) expect(COMMANDS).toContain(command);
});
