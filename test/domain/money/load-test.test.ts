import { describe, expect, it } from 'vitest';
import { loadRequest } from '../../../src/domain/money/load-request.ts';
import {
  judgeLoad,
  loadCost,
  loadEvidence,
  moments,
  type Load,
  type Sample,
} from '../../../src/domain/money/load-test.ts';
import { examplePlan } from '../plan/example-plan.ts';

const MINUTE = 60_000;
const LOAD: Load = {
  people: 140,
  minutes: 5,
  promptsPerMinute: 1,
  requestsPerPrompt: 1,
  model: 'databricks-claude-sonnet-4-6',
};
const good = (at: number, ms = 12_000): Sample => ({ at, ms, status: 200, whole: true });
const refused = (at: number): Sample => ({ at, ms: 40, status: 429, whole: false, said: 'output tokens per minute' });
const whole = { ranMs: 5 * MINUTE, interrupted: false };

describe('a request of the load', () => {
  it("is as large as Claude Code's, and reserves as much", () => {
    const request = loadRequest(examplePlan());
    expect(Math.abs(JSON.stringify(request).length - 115_000)).toBeLessThan(500);
    expect(request).toMatchObject({ max_tokens: 32_000, model: 'databricks-claude-sonnet-4-6' });
    expect(request['system']).toHaveLength(3);
    expect(request['tools']).toHaveLength(24);
  });
});

describe('a request after some commands', () => {
  it('repeats them and what they said, and is as large', () => {
    const { messages } = loadRequest(examplePlan(), 2) as { messages: { role: string; content: unknown }[] };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(messages[4]?.content).toMatchObject([{ type: 'tool_result', tool_use_id: 'toolu_load_2' }]);
    expect(Math.abs(JSON.stringify(loadRequest(examplePlan(), 2)).length - 115_000)).toBeLessThan(500);
  });
});

describe('the moments', () => {
  it('are spread evenly over the time', () => {
    const all = moments({ ...LOAD, people: 3, minutes: 2 });
    expect(all).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(moments(LOAD)).toHaveLength(700);
    expect(moments({ ...LOAD, people: 1, minutes: 0.05 })).toEqual([0]);
    expect(moments({ ...LOAD, promptsPerMinute: 0.25, requestsPerPrompt: 4 })).toHaveLength(700);
  });
});

describe('the cost', () => {
  it('is in money where the plan has prices, and else in tokens', () => {
    const plan = examplePlan();
    const priced = { ...plan, prices: { ...plan.prices, tokens: { perMillionInput: 3, perMillionOutput: 15 } } };
    // 700 x (30,000 x 3 + 1,000 x 15) / 1,000,000
    expect(loadCost(LOAD, priced)).toMatchObject({ requests: 700, money: '$73.50' });
    const { money, lines } = loadCost(LOAD, plan);
    expect(money).toBeUndefined();
    expect(lines.join('\n')).toContain(
      'about 21,000,000 tokens in and 700,000 out in all; ' +
        'what they cost is not known, because the plan has no prices.tokens',
    );
  });
});

describe('the judgement', () => {
  it('carries everybody when nearly nothing was refused', () => {
    const samples = moments(LOAD).map((at, index) => (index < 7 ? refused(at) : good(at)));
    expect(judgeLoad(LOAD, samples, whole)).toMatchObject({
      enough: true,
      carries: 140,
      refused: 7,
      shareOf429: 0.01,
      sent: 700,
      unsent: 0,
      failed: 0,
    });
    expect(judgeLoad(LOAD, [...samples.slice(0, -1), refused(0)], whole)).toMatchObject({ enough: false });
  });

  it('counts people by what was answered after the first minute, when a burst has gone through', () => {
    // Everything in the first minute, then half.
    const samples = moments(LOAD).map((at, index) => (at < MINUTE || index % 2 === 0 ? good(at) : refused(at)));
    expect(judgeLoad(LOAD, samples, whole)).toMatchObject({ carries: 70, enough: false, shareOf429: 280 / 700 });
    expect(judgeLoad({ ...LOAD, promptsPerMinute: 2, people: 70 }, samples, whole)).toMatchObject({ carries: 35 });
  });

  it('gives the median and the slow end of what was answered, by nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => good(index, 100 - index));
    expect(judgeLoad(LOAD, [...samples, refused(1)], whole)).toMatchObject({ p50: 50, p95: 95 });
    expect(judgeLoad(LOAD, [refused(1)], whole)).toMatchObject({ p50: null, p95: null, carries: 0 });
  });

  it('counts silence, errors and streams that broke off apart from 429, and says the first words of each', () => {
    const samples: Sample[] = [
      good(0),
      { at: 1, ms: 9, status: 0, whole: false, said: 'silent' },
      { at: 2, ms: 9, status: 503, whole: false, said: 'busy' },
      { at: 3, ms: 9, status: 503, whole: false, said: 'other' },
      { at: 4, ms: 9, status: 200, whole: false, said: 'broke off' },
      refused(5),
    ];
    expect(judgeLoad(LOAD, samples, whole)).toMatchObject({
      answered: 1,
      refused: 1,
      failed: 4,
      unsent: 694,
      trouble: [
        { status: 503, times: 2, said: 'busy' },
        { status: 0, times: 1, said: 'silent' },
        { status: 200, times: 1, said: 'broke off' },
        { status: 429, times: 1, said: 'output tokens per minute' },
      ],
    });
  });

  it('says nothing of people under a minute, and no yes when it was interrupted', () => {
    expect(
      judgeLoad(
        { ...LOAD, minutes: 0.5 },
        moments({ ...LOAD, minutes: 0.5 }).map((at) => good(at)),
        { ranMs: MINUTE / 2, interrupted: false },
      ),
    ).toMatchObject({ carries: null, enough: false });
    const cut = moments(LOAD)
      .filter((at) => at < 3 * MINUTE)
      .map((at) => good(at));
    expect(judgeLoad(LOAD, cut, { ranMs: 3 * MINUTE, interrupted: true })).toMatchObject({
      interrupted: true,
      unsent: 0,
      carries: 140,
      enough: false,
    });
    expect(judgeLoad(LOAD, [], { ranMs: 0, interrupted: true })).toMatchObject({
      sent: 0,
      shareOf429: 0,
      carries: null,
    });
  });
});

it('reads as a sentence', () => {
  const samples = moments(LOAD).map((at, index) => (index % 2 === 0 ? good(at) : refused(at)));
  expect(loadEvidence(judgeLoad(LOAD, samples, whole), '2027-03-12')).toBe(
    'Load test of 2027-03-12: 5 minutes as 140 people at 1 prompt of 1 request ' +
      'a minute each, databricks-claude-sonnet-4-6; 700 ' +
      'requests, 50.0% refused with 429; p50 12.0 s, p95 12.0 s; carries about 70 of 140 people',
  );
  expect(
    loadEvidence(
      judgeLoad(
        LOAD,
        moments(LOAD).map((at) => good(at)),
        whole,
      ),
      '2027-03-12',
    ),
  ).toMatch(/0\.0% refused .*carries all 140 people$/);
});
