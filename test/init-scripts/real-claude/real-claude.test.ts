import { expect, onTestFinished, test } from 'vitest';
import { PINNED_CLAUDE_CODE } from '../../../src/domain/replayed/made/claude-code.ts';
import { requestsPerPrompt } from '../../../src/domain/replayed/capacity/requests-of-a-prompt.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { bareRoot, onBareRoot } from '../bare-root.ts';
import { afterInstalling, describeWithEachClaude, sessionOf } from './installed-claude.ts';
import { startRecorder, type Answering, type Asked } from './recorder.ts';
import { inTerminal } from './terminal.ts';

const CAP = 9_000;
const SMALL = 'databricks-claude-haiku-4-5';
const example = examplePlan();
const plan = {
  ...example,
  claudeCode: { ...example.claudeCode, maxOutputTokens: CAP, smallModel: SMALL, headers: { 'x-team': 'spring' } },
};
const MODEL = plan.serving.model;

const recorderThat = async (answering: Answering) => {
  const recorder = await startRecorder(answering);
  onTestFinished(recorder.close);
  return recorder;
};

/** What holds of every request, whoever makes it. */
function expectAsSet(asked: readonly Asked[]): void {
  const messages = asked.filter(({ path }) => path.startsWith('/serving-endpoints/anthropic/v1/messages?'));
  expect(asked.filter(({ method }) => method === 'POST')).toEqual(messages);
  expect(messages.length).toBeGreaterThan(0);
  for (const { headers, body } of messages) {
    expect(body.max_tokens).toBe(CAP);
    expect([MODEL, SMALL]).toContain(body.model);
    expect(headers).toMatchObject({ 'x-databricks-disable-beta-headers': 'true', 'x-team': 'spring' });
    expect(headers['anthropic-beta']).not.toMatch(/context-1m|context-management|structured-outputs/);
    expect(JSON.stringify(body.tools.map(({ name }: { name: string }) => name))).not.toContain('WebSearch');
  }
}

describeWithEachClaude((claude) => {
  test('-p asks the endpoint as the plan says, and nobody else', async () => {
    const { version, files } = await claude();
    const { asked, elsewhere, url } = await recorderThat(() => [{ type: 'text', text: 'hello yourself' }]);
    const ran = await onBareRoot(files, afterInstalling('claude -p hello </dev/null'), {
      network: true,
      opt: 1_500,
      env: sessionOf(plan, version, url),
    });
    expect(ran.stdout.trim(), ran.stderr).toBe('hello yourself');
    expect(ran.stderr).toBe('');
    expectAsSet(asked);
    expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => body.model)).toEqual([MODEL]);
    expect(elsewhere).toEqual([]);
  });

  test('a prompt is a request for each command that it runs, and one: capacity counts so', async () => {
    const { version, files } = await claude();
    const { commandsPerPrompt } = plan.serving.demand;
    const { asked, url } = await recorderThat(({ body }) => {
      const ran = JSON.stringify(body.messages).split('"tool_result"').length - 1;
      const command = `python3 -c 'print(${ran})'`;
      return ran < commandsPerPrompt
        ? [{ type: 'tool_use', name: 'Bash', input: { command, description: 'count' } }]
        : [{ type: 'text', text: `ran ${ran}` }];
    });
    const ran = await onBareRoot(files, afterInstalling('claude -p count </dev/null'), {
      network: true,
      opt: 1_500,
      env: sessionOf(plan, version, url),
    });
    expect(ran.stdout.trim(), ran.stderr).toBe(`ran ${commandsPerPrompt}`);
    const posted = asked.filter(({ method }) => method === 'POST');
    expect(posted.map(({ body }) => body.model)).toEqual(Array(requestsPerPrompt(plan.serving.demand)).fill(MODEL));
    expect(posted.filter(({ path }) => path.includes('count_tokens'))).toEqual([]);
  });

  test('the first screen has no question and no warning; small tasks ask the small model', async () => {
    const { version, files } = await claude();
    const { asked, elsewhere, url } = await recorderThat(({ body }, earlier) => {
      const explores = (body.tools as { name: string; input_schema: { properties: object } }[]).find(
        ({ input_schema: { properties } }) => 'subagent_type' in properties,
      );
      return explores && earlier.every((one) => one.method !== 'POST')
        ? [
            {
              type: 'tool_use',
              name: explores.name,
              input: { description: 'look', prompt: 'Look around', subagent_type: 'Explore' },
            },
          ]
        : [{ type: 'text', text: 'looked around' }];
    });
    const screen = inTerminal(
      'bwrap',
      bareRoot(files, afterInstalling('stty rows 40 cols 120 && exec claude'), {
        network: true,
        opt: 1_500,
        env: sessionOf(plan, version, url),
      }),
    );
    await screen.until('? for shortcuts', 100_000);
    expect(screen.shown()).not.toMatch(/trust|warning|missing|broken|retired|login|theme/i);
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
    screen.type('hello');
    await screen.until('hello', 20_000);
    screen.type('\r');
    await screen.until('looked around', 60_000);
    expectAsSet(asked);
    expect(elsewhere).toEqual([]);
    // The explorer has fewer tools than the conversation.
    const messages = asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
    const fewest = Math.min(...messages.map(({ tools }) => tools.length));
    const explorer = messages.find(({ tools }) => tools.length === fewest)?.model;
    // A newer one explores with the model of the conversation.
    if (version === PINNED_CLAUDE_CODE.version) expect(explorer).toBe(SMALL);
  });

  test.each(['~/workshop', '~/workshop/dash-app'])(
    'in %s it is told where it is, and knows the skills',
    async (folder) => {
      const { version, files } = await claude();
      const { asked, url } = await recorderThat(() => [{ type: 'text', text: 'well' }]);
      await onBareRoot(files, afterInstalling(`cd ${folder} && claude -p hello </dev/null`), {
        network: true,
        opt: 1_500,
        env: sessionOf(plan, version, url),
      });
      const said = JSON.stringify(asked.find(({ method }) => method === 'POST')?.body);
      expect(said).toContain('Everything else on the disk is erased when the cluster stops');
      for (const skill of ['databricks-apps: How to write', 'databricks-cluster: What this'])
        expect(said).toContain(skill);
    },
  );

  test('root goes without questions only where the plan says so', async () => {
    const { version, files } = await claude();
    const { url } = await recorderThat(() => [{ type: 'text', text: 'unasked' }]);
    const ask = async (withoutQuestions: boolean) =>
      onBareRoot(files, afterInstalling('claude --dangerously-skip-permissions -p hello </dev/null'), {
        network: true,
        opt: 1_500,
        env: sessionOf({ ...plan, claudeCode: { ...plan.claudeCode, withoutQuestions } }, version, url),
      });
    expect(await ask(false)).toMatchObject({ code: 1, stderr: expect.stringContaining('root') });
    expect(await ask(true)).toMatchObject({ code: 0, stdout: 'unasked\n' });
  });
});
