import { describe, expect, it } from 'vitest';
import { REFUSABLE, type Refusable } from '../../../sandbox/src/serving/messages/strictness.ts';
import type { JudgedAnswer } from '../../../src/databricks/calls/serving-endpoints.ts';
import { UnreachableError, type Workspace } from '../../../src/databricks/workspace.ts';
import { ANN, detailOf, failureOf, openSetting } from '../setting.ts';

type Answered = Partial<JudgedAnswer> & { readonly status: number };
const answering =
  (answer: () => Promise<Answered>) =>
  (workspace: Workspace): Workspace => ({
    ...workspace,
    servingEndpoints: {
      ...workspace.servingEndpoints,
      claude: async (): Promise<JudgedAnswer> => ({ answers: false, said: '', body: '', ms: 5, ...(await answer()) }),
    },
  });

describe('probing the endpoint', () => {
  it('says that it answers, and how fast', async () => {
    const { activities, run, plan } = await openSetting();
    expect(await activities.probeEndpoint(run, { plan, times: 1 })).toMatch(
      /^databricks-claude-sonnet-4-6 answers 200 \(\d+ ms\)$/,
    );
    expect(await activities.probeEndpoint(run, { plan, times: 3 })).toMatch(
      /^databricks-claude-sonnet-4-6 answers 200 \(3 probes, median \d+ ms, slowest \d+ ms\)$/,
    );
  });

  it.each([
    [400, 'system.0.cache_control: Extra inputs are not permitted', /another endpoint \(serving\.model\)/],
    [200, 'Sign in', /log-in page or a proxy/],
    [403, 'Source IP address: 1.2.3.4 is blocked by Databricks IP ACL for workspace: 1', /IP access list/],
    [403, 'You do not have permission', /grant it CAN_QUERY/],
    [400, 'Invalid Token', /renew its credentials/],
  ])('%d that says "%s" is a failure with these words', async (status, said, advice) => {
    const { activities, run, plan } = await openSetting({ change: answering(async () => ({ status, said })) });
    const failure = await failureOf(activities.probeEndpoint(run, { plan, times: 1 }));
    expect(failure).toMatchObject({ type: `HTTP_${status}`, nonRetryable: true });
    expect(failure.message).toBe(
      `The serving endpoint answered ${status} for databricks-claude-sonnet-4-6: "${said}".`,
    );
    expect(detailOf(failure).toDo).toMatch(advice);
  });

  const MODELS = ['databricks-claude-haiku-4-5', 'databricks-claude-sonnet-4-6', 'databricks-claude-opus-4-8'];
  /** Of these models, those that Claude Code sends what is refused. */
  const REFUSED: Readonly<Record<Refusable, readonly number[]>> = {
    'system-role': [2],
    'unknown-betas': [1, 2],
    effort: [1, 2],
    'adaptive-thinking': [1, 2],
    'output-config': [1, 2],
    'count-tokens': [],
  };
  it.each(REFUSABLE)('finds out which models an endpoint refuses that does not take %s', async (refused) => {
    const { activities, run, plan } = await openSetting({ sandbox: { messagesRefuse: [refused] } });
    for (const [index, model] of MODELS.entries()) {
      const probe = activities.probeEndpoint(run, { plan: { ...plan, serving: { ...plan.serving, model } }, times: 1 });
      if (REFUSED[refused].includes(index)) expect((await failureOf(probe)).message).toMatch(/400 .*Bad request: .+"/);
      else expect(await probe).toContain(`${model} answers 200`);
    }
  });

  it('asks the endpoint of small tasks, too', async () => {
    const { activities, run, plan } = await openSetting();
    const claudeCode = { ...plan.claudeCode, smallModel: 'no-such-model' };
    const failure = await failureOf(activities.probeEndpoint(run, { plan: { ...plan, claudeCode }, times: 1 }));
    expect(failure.message).toContain('404 for no-such-model');
    // What could stand there instead, by their names.
    expect(detailOf(failure).toDo).toMatch(/The workspace lists databricks-claude-.*databricks-claude-sonnet-4-6/);
  });

  it('names the place in the plan when the workspace has no such model', async () => {
    const { activities, run, plan } = await openSetting();
    const failure = await failureOf(
      activities.probeEndpoint(run, {
        plan: { ...plan, serving: { ...plan.serving, model: 'no-such-model' } },
        times: 1,
      }),
    );
    expect(failure).toMatchObject({ type: 'HTTP_404', nonRetryable: true });
    expect(failure.message).toContain('no-such-model');
    expect(detailOf(failure).toDo).toContain('serving.model');
  });

  it('asks for CAN_QUERY when the worker may not query', async () => {
    const { activities, run, plan } = await openSetting({ worker: ANN });
    const failure = await failureOf(activities.probeEndpoint(run, { plan, times: 1 }));
    expect(failure).toMatchObject({ type: 'HTTP_403', nonRetryable: true });
    expect(detailOf(failure).toDo).toContain('CAN_QUERY');
    // `status` shows both, one below the other.
    expect(failure.message).toMatch(/^The serving endpoint answered 403 for databricks-claude-sonnet-4-6: ".+"\.$/);
  });

  it('tries again when the workspace says, as it asks, and tells what a used-up limit means', async () => {
    const { activities, run, plan } = await openSetting({ sandbox: { outputTokensPerMinute: 1 } });
    const failure = await failureOf(activities.probeEndpoint(run, { plan, times: 2 }));
    expect(failure).toMatchObject({ type: 'HTTP_429', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeGreaterThan(0);
    expect(detailOf(failure).toDo).toContain('token limit');
  });

  it('tries again when the endpoint or the network has trouble', async () => {
    const ill = await openSetting({ change: answering(async () => ({ status: 503, body: '', ms: 5 })) });
    const failure = await failureOf(ill.activities.probeEndpoint(ill.run, { plan: ill.plan, times: 1 }));
    expect(failure).toMatchObject({ type: 'HTTP_503', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(detailOf(failure).toDo).toContain('endpoint');

    const silent = await openSetting({
      change: answering(async () => {
        throw new UnreachableError(
          'POST /serving-endpoints/anthropic/v1/messages',
          'ETIMEDOUT',
          true,
          'silence',
          undefined,
        );
      }),
    });
    expect(await failureOf(silent.activities.probeEndpoint(silent.run, { plan: silent.plan, times: 1 }))).toMatchObject(
      { type: 'UNREACHABLE', nonRetryable: false },
    );
  });

  it('does not accept an expired token', async () => {
    const { activities, run, plan } = await openSetting({
      change: answering(async () => ({ status: 401, body: '', ms: 5 })),
    });
    const failure = await failureOf(activities.probeEndpoint(run, { plan, times: 1 }));
    expect(failure).toMatchObject({ type: 'HTTP_401', nonRetryable: true });
    expect(detailOf(failure).toDo).toContain('credentials');
  });
});

describe('asking whether the model answers the room', () => {
  const asked = async (answer: () => Promise<Answered>) => {
    const { activities, run, plan } = await openSetting({ change: answering(answer) });
    return activities.modelAnswers(run, { plan });
  };

  it.each([
    [400, { well: false, status: 400, toDo: expect.stringContaining('refuses everybody') as unknown }],
    [429, { well: false, status: 429, toDo: expect.stringMatching(/say it aloud.*raise the limits/) as unknown }],
    [
      503,
      { well: false, status: 503, toDo: expect.stringMatching(/say it aloud.*status\.databricks\.com/) as unknown },
    ],
    [403, { well: false, status: 403, toDo: expect.stringContaining('CAN_QUERY') as unknown }],
  ])('%d', async (status, expected) => {
    expect(await asked(async () => ({ status, body: '', ms: 5 }))).toMatchObject(expected);
  });

  it('is well where a model answers', async () => {
    expect(await asked(async () => ({ status: 200, answers: true }))).toEqual({ well: true });
  });

  it('takes silence for an answer', async () => {
    const silent = await asked(async () => {
      throw new Error('reset');
    });
    expect(silent).toMatchObject({
      well: false,
      status: 0,
      message: expect.stringMatching(/did not answer/) as unknown,
    });
  });
});
