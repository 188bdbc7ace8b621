import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runLoad, type LoadClock } from '../../src/cli/input/load-run.ts';
import { connectWorkspace } from '../../src/databricks/workspace.ts';
import { loadRequest } from '../../src/domain/money/load-request.ts';
import { judgeLoad, moments, type Load } from '../../src/domain/money/load-test.ts';
import { startSandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';
import { MAIN, planFiles, workshop } from './run-cli.ts';

const { serving } = examplePlan();

/** A sandbox and a load on one clock, which moves when everything that was asked has been answered. */
async function loaded(options: SandboxOptions, load: Load) {
  let now = Date.parse('2027-03-16T09:00:00Z');
  const sandbox = await startSandbox({ now: () => now, outputTokensPerSecond: 1_000_000, ...options });
  onTestFinished(() => sandbox.close());
  const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.adminToken, env: {} });
  onTestFinished(() => workspace.close());
  const asked: Promise<unknown>[] = [];
  const clock: LoadClock = {
    now: () => now,
    async wait(ms) {
      await Promise.all(asked.splice(0));
      now += ms;
    },
  };
  const body = loadRequest({ serving: { ...serving, demand: { ...serving.demand, outputTokens: 20 } } });
  const { samples, ranMs } = await runLoad({
    moments: moments(load),
    lasts: load.minutes * 60_000,
    most: 50,
    stop: new AbortController().signal,
    clock,
    ask(signal) {
      const one = workspace.servingEndpoints.stream({ gateway: 'serving-endpoints', headers: {}, body }, { signal });
      asked.push(one);
      return one;
    },
  });
  const [books] = sandbox.books().serving;
  return {
    result: judgeLoad(load, samples, { ranMs, interrupted: false }),
    books,
    tokensEach: (books?.inputTokens ?? 0) / (books?.requests ?? 1),
  };
}

describe('against limits that are known', () => {
  const load: Load = { people: 60, minutes: 4, promptsPerMinute: 1, requestsPerPrompt: 1, model: serving.model };

  it('carries everybody where there is room', async () => {
    const { result, books } = await loaded({ inputTokensPerMinute: 2_000_000 }, load);
    expect(result).toMatchObject({ sent: 240, answered: 240, refused: 0, shareOf429: 0, carries: 60, enough: true });
    expect(books).toMatchObject({ requests: 240, refused: 0 });
  });

  it('carries as many as fit into the tokens of a minute', async () => {
    const limit = 1_000_000;
    const { result, books, tokensEach } = await loaded({ inputTokensPerMinute: limit }, load);
    const fit = Math.floor(limit / tokensEach);
    expect(fit).toBeLessThan(60);
    expect(Math.abs((result.carries ?? NaN) - fit)).toBeLessThanOrEqual(1);
    expect(Math.abs(result.shareOf429 - (1 - fit / 60))).toBeLessThan(0.03);
    expect(books).toMatchObject({ requests: result.answered, refused: result.refused });
    expect(result.trouble).toEqual([{ status: 429, times: result.refused, said: '' }]);
  });

  it('a model that would let in none is said to carry nobody', async () => {
    // Less than the max_tokens of a single request.
    const { result } = await loaded({ outputTokensPerMinute: 31_999 }, { ...load, minutes: 1 });
    expect(result).toMatchObject({ carries: 0, answered: 0, shareOf429: 1, p50: null });
  });
});

describe('the run', () => {
  const answer = { status: 200, whole: true, ms: 1 };

  it('never has more in flight than it may, and leaves out what does not fit into its time', async () => {
    let inFlight = 0;
    let most = 0;
    const { samples } = await runLoad({
      moments: Array.from({ length: 40 }, (_, index) => index),
      lasts: 150,
      most: 4,
      stop: new AbortController().signal,
      async ask() {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((soon) => setTimeout(soon, 40));
        inFlight -= 1;
        return answer;
      },
    });
    expect(most).toBe(4);
    expect(samples.length).toBeLessThan(40);
    expect(samples.length).toBeGreaterThan(0);
  });

  it('gives up at once what is in flight when it is stopped, and keeps what is known', async () => {
    const stop = new AbortController();
    let asked = 0;
    const { samples } = await runLoad({
      moments: [0, 1, 2, 60_000],
      lasts: 120_000,
      most: 10,
      stop: stop.signal,
      ask(signal) {
        asked += 1;
        if (asked < 3) return Promise.resolve(answer);
        setTimeout(() => stop.abort(), 10);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    });
    expect(asked).toBe(3);
    expect(samples).toHaveLength(2);
  });

  it('does not hide a mistake of its own', async () => {
    await expect(
      runLoad({
        moments: [0],
        lasts: 1,
        most: 1,
        stop: new AbortController().signal,
        ask: () => Promise.reject(new TypeError('a mistake')),
        clock: { now: () => 0, wait: () => Promise.resolve() },
      }),
    ).rejects.toThrow('a mistake');
  });
});

describe('workshop load-test', () => {
  const running = async (options: SandboxOptions = {}) => {
    const sandbox = await startSandbox({ speed: 1_000, ...options });
    onTestFinished(() => sandbox.close());
    return { sandbox, env: { DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken } };
  };

  it('says what it will cost, asks for a yes, and asks nothing of the model without', async () => {
    const { sandbox, env } = await running();
    const { code, stdout, stderr } = await workshop(['load-test', '--attendees', '140', '--minutes', '5'], env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(
        String.raw`^700 requests to databricks-claude-sonnet-4-6 in 5 minutes, as 140 people at ` +
          String.raw`0.25 prompts of 4 requests a minute each\n115 KB each: about 30,000 tokens in`,
      ),
    );
    expect(stderr).toContain('add --yes');
    expect(sandbox.books().serving).toEqual([]);
  });

  it('loads, and prints the result as JSON', async () => {
    const { sandbox, env } = await running();
    const { code, stdout } = await workshop(
      ['load-test', '--attendees', '60', '--minutes', '0.05', '--yes', '--json'],
      env,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      sent: 3,
      answered: 3,
      refused: 0,
      shareOf429: 0,
      carries: null,
      enough: false,
      interrupted: false,
      signedOff: null,
      evidence: expect.stringMatching(/too short to say/),
    });
    // Under a minute is no answer.
    expect(code).toBe(1);
    // One more, to see that it answers at all.
    expect(sandbox.books().serving).toEqual([expect.objectContaining({ requests: 4 })]);
  });

  it('asks where the plan says that Claude Code asks', async () => {
    const { sandbox, env } = await running({ people: ['ann@example.com', 'bo@example.com'] });
    // Only the older of the two addresses has trouble.
    const set = await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: 'PUT',
      body: JSON.stringify({
        faults: [{ route: 'POST /serving-endpoints/anthropic/v1/messages', effect: { status: 500 } }],
      }),
    });
    expect(set.status).toBe(200);
    const through = (gateway: string) =>
      workshop(
        [
          'load-test',
          planFiles([
            ['https://adb-1234567890123456.7.azuredatabricks.net', sandbox.url],
            ['gateway: serving-endpoints', `gateway: ${gateway}`],
          ]),
          '--attendees',
          '60',
          '--minutes',
          '0.05',
          '--yes',
          '--json',
        ],
        env,
      );
    const { stdout, stderr } = await through('ai-gateway');
    expect(JSON.parse(stdout)).toMatchObject({
      answered: 3,
      failed: 0,
      evidence: expect.stringContaining('databricks-claude-sonnet-4-6 at /ai-gateway/anthropic;') as string,
    });
    expect(stderr).toContain('requests to databricks-claude-sonnet-4-6 at /ai-gateway/anthropic in');
    expect((await through('serving-endpoints')).stderr).toContain('The serving endpoint answered 500');
  });

  it('does not begin where the model does not answer', async () => {
    const { sandbox } = await running({ people: ['ann@example.com'] });
    const { code, stderr } = await workshop(['load-test', '--attendees', '60', '--yes'], {
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_TOKEN: sandbox.tokenFor('ann@example.com'),
    });
    expect(stderr).toMatch(/answered 403 for databricks-claude-sonnet-4-6\. .*CAN_QUERY.* Nothing was loaded\.\n$/);
    expect(code).toBe(1);
  });

  it('ends with what is known at Ctrl-C', async () => {
    const { sandbox, env } = await running();
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, 'load-test', '--attendees', '600', '--minutes', '30', '--yes'],
      { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const closed = new Promise((resolve) => child.once('close', resolve));
    while ((sandbox.books().serving[0]?.requests ?? 0) < 4) await new Promise((soon) => setTimeout(soon, 50));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(stdout).toMatch(/^Load test of .* interrupted; \d+ requests, 0\.0% refused/);
    expect(stdout).not.toContain('sign-off');
  });

  it.each([
    [[], /--attendees 140, or give your plan/],
    [['--attendees', '0'], /from 1 to 10000/],
    [['--attendees', '9', '--minutes', '61'], /from 0\.05 to 60/],
  ])('%j is refused', async (args, message) => {
    const outcome = await workshop(['load-test', ...args]);
    expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});
