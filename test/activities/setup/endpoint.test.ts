import { describe, expect, it } from 'vitest';
import { UnreachableError, type MessagesAnswer, type Workspace } from '../../../src/databricks/workspace.ts';
import { ANN, detailOf, failureOf, openSetting } from '../setting.ts';

const answering =
  (answer: () => Promise<MessagesAnswer>) =>
  (workspace: Workspace): Workspace => ({
    ...workspace,
    servingEndpoints: { ...workspace.servingEndpoints, messages: answer },
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

  it('takes a 400 for a sign of life', async () => {
    const { activities, run, plan } = await openSetting({
      change: answering(async () => ({ status: 400, body: 'unknown beta', ms: 12 })),
    });
    expect(await activities.probeEndpoint(run, { plan, times: 1 })).toBe(
      'databricks-claude-sonnet-4-6 answers 400 (12 ms)',
    );
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
    expect(failure.message).toBe('The serving endpoint answered 403 for databricks-claude-sonnet-4-6.');
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
  const asked = async (answer: () => Promise<MessagesAnswer>) => {
    const { activities, run, plan } = await openSetting({ change: answering(answer) });
    return activities.modelAnswers(run, { plan });
  };

  it.each([
    [200, { well: true }],
    [400, { well: true }],
    [429, { well: false, status: 429, toDo: expect.stringMatching(/say it aloud.*raise the limits/) as unknown }],
    [
      503,
      { well: false, status: 503, toDo: expect.stringMatching(/say it aloud.*status\.databricks\.com/) as unknown },
    ],
    [403, { well: false, status: 403, toDo: expect.stringContaining('CAN_QUERY') as unknown }],
  ])('%d', async (status, expected) => {
    expect(await asked(async () => ({ status, body: '', ms: 5 }))).toMatchObject(expected);
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
