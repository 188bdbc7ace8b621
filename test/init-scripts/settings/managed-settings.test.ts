import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { carriedSettings, claudeSettings } from '../../../src/domain/replayed/made/claude-settings.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { scratchFolder } from '../../scratch.ts';
import { onBareRoot } from '../bare-root.ts';
import { INIT_SCRIPTS, SCRIPTS, STAND_IN, standInBundle } from '../workshop-node.ts';

const SHOW = 'cat /etc/claude-code/managed-settings.json';
const installed = async (env: Readonly<Record<string, string>>, command = SHOW) =>
  onBareRoot(
    await standInBundle(),
    `bash ${SCRIPTS}/install-claude-code.sh >/tmp/said; status=$?; ${command}; exit $status`,
    { env: { WORKSHOP_CLAUDE_VERSION: STAND_IN, ...env } },
  );

describeOnRealNodes('what Claude Code reads on a node', () => {
  test('is what the plan says, with what only the node knows before it', async () => {
    const example = examplePlan();
    const headers = { 'x-team': 'spring "apps" $HOME' };
    const plan = { ...example, claudeCode: { ...example.claudeCode, maxOutputTokens: 9_000, headers } };
    const { code, stdout, stderr } = await installed({
      WORKSHOP_CLAUDE_SETTINGS: carriedSettings(plan),
      WORKSHOP_HOST: 'https://adb-1.2.azuredatabricks.net',
      WORKSHOP_GATEWAY: 'ai-gateway',
    });
    expect(code, stderr).toBe(0);
    const { env, ...others } = claudeSettings(plan) as { env: Record<string, string> };
    expect(JSON.parse(stdout)).toEqual({
      apiKeyHelper: '/opt/claude-workshop/lib/api-key',
      env: { ANTHROPIC_BASE_URL: 'https://adb-1.2.azuredatabricks.net/ai-gateway/anthropic', ...env },
      ...others,
    });
  });

  test('is what an empty plan says on a cluster from before, for its own endpoint', async () => {
    const { code, stdout, stderr } = await installed({ WORKSHOP_MODEL: 'our-claude' });
    expect(code, stderr).toBe(0);
    const example = examplePlan();
    const plan = { ...example, serving: { ...example.serving, model: 'our-claude' } };
    expect(JSON.parse(stdout)).toEqual({ apiKeyHelper: '/opt/claude-workshop/lib/api-key', ...claudeSettings(plan) });
  });

  test.each([
    ['*', 'WORKSHOP_CLAUDE_SETTINGS is not base64.'],
    [Buffer.from('{"permissions": {}}').toString('base64'), 'WORKSHOP_CLAUDE_SETTINGS does not begin with variables'],
  ])('%s stops the cluster with a reason', async (settings, words) => {
    const { code, stderr } = await installed({ WORKSHOP_CLAUDE_SETTINGS: settings }, ':');
    expect(code).toBe(24);
    expect(stderr).toContain(words);
  });

  test('without python3 the first questions are answered where nobody has answered any', async () => {
    const { stdout } = await installed({}, 'cat /root/.claude.json');
    expect(JSON.parse(stdout)).toEqual({
      hasCompletedOnboarding: true,
      projects: { '/root/workshop': { hasTrustDialogAccepted: true } },
    });
  });
});

test('answering first questions loses nothing of what was there', () => {
  const home = scratchFolder();
  mkdirSync(join(home, 'in-the-workspace'));
  symlinkSync(join(home, 'in-the-workspace'), join(home, 'workshop'));
  const file = join(home, '.claude.json');
  const answer = () =>
    execFileSync(join(INIT_SCRIPTS, 'lib', 'first-answers'), { env: { ...process.env, HOME: home }, stdio: 'pipe' });
  const mine = {
    theme: 'light',
    hasCompletedOnboarding: false,
    projects: {
      '/elsewhere': { allowedTools: ['Bash(ls)'] },
      [join(home, 'in-the-workspace')]: { history: ['Grüße'], hasTrustDialogAccepted: false },
    },
  };
  writeFileSync(file, JSON.stringify(mine));
  answer();
  const trusted = { hasTrustDialogAccepted: true };
  const wanted = {
    ...mine,
    projects: {
      '/elsewhere': { allowedTools: ['Bash(ls)'] },
      [join(home, 'in-the-workspace')]: { history: ['Grüße'], ...trusted },
      [join(home, 'workshop')]: trusted,
    },
  };
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(wanted);
  const once = readFileSync(file, 'utf8');
  answer();
  expect(readFileSync(file, 'utf8')).toBe(once);

  writeFileSync(file, '{"half": ');
  expect(answer).toThrow(/is not what Claude Code writes/);
  expect(readFileSync(file, 'utf8')).toBe('{"half": ');
  expect(existsSync(join(home, 'workshop'))).toBe(true);
});
