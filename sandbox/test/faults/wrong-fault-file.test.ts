import { describe, expect, test } from 'vitest';
import { readFaultFile } from '../../src/sandbox.ts';
import { fitsGlob } from '../../src/faults/glob.ts';
import { open } from './fault-requests.ts';

describe('a fault file that is wrong', () => {
  test.each([
    ['nothing', '', 1, '', /list of faults under "faults:"/],
    ['a list', '- a\n', 1, '', /list of faults under "faults:"/],
    ['another field', 'faults: []\nfault: 1\n', 2, 'fault', /there is only faults/],
    ['broken YAML', 'faults:\n  - effect: {status: 500\n', 2, '', /not valid YAML/],
    ['a tab', 'faults:\n\t- effect: {}\n', 2, '', /tab/],
    ['an alias', 'faults: &a\n  - *a\n', 1, '', /alias/],
    [
      'an unknown field',
      'faults:\n  - route: GET /x\n    proability: 0.5\n    effect: {reset: true}\n',
      3,
      'faults[0].proability',
      /is no field here: there are name, route, cluster, pool, probability/,
    ],
    [
      'an unknown effect',
      'faults:\n  - route: GET /x\n    effect:\n      explode: true\n',
      4,
      'faults[0].effect.explode',
      /there are status, latency, reset/,
    ],
    ['no effect', 'faults:\n  - route: GET /x\n', 2, 'faults[0].effect', /is missing/],
    [
      'two effects',
      'faults:\n  - route: GET /x\n    effect: {reset: true, status: 500}\n',
      3,
      'faults[0].effect',
      /has status and reset: a fault has one effect/,
    ],
    ['no target', 'faults:\n  - effect: {reset: true}\n', 2, 'faults[0]', /route, cluster or pool/],
    [
      'a span without a unit',
      'faults:\n  - route: GET /x\n    effect: {latency: 30}\n',
      3,
      'faults[0].effect.latency',
      /250ms, 45s, 10m, 1h30m/,
    ],
    [
      'a route without a method',
      'faults:\n  - route: /api/x\n    effect: {reset: true}\n',
      2,
      'faults[0].route',
      /must be a method/,
    ],
    [
      'a probability of 3',
      'faults:\n  - route: GET /x\n    probability: 3\n    effect: {reset: true}\n',
      3,
      'faults[0].probability',
      /1/,
    ],
    [
      'a message without a status',
      'faults:\n  - route: GET /x\n    effect: {reset: true, message: x}\n',
      3,
      'faults[0].effect.message',
      /only goes with status/,
    ],
    [
      'a launch by route',
      'faults:\n  - route: POST /x\n    effect: {hangs: true}\n',
      2,
      'faults[0].route',
      /does not go with hangs/,
    ],
    [
      'a stale pool',
      'faults:\n  - route: GET /api/2.0/instance-pools/list\n    effect: {stale: 30s}\n',
      2,
      'faults[0].route',
      /the only list that can be stale/,
    ],
    [
      'an empty cluster',
      'faults:\n  - cluster: {}\n    effect: {hangs: true}\n',
      2,
      'faults[0].cluster',
      /person, name or tag/,
    ],
    [
      'until before from',
      'faults:\n  - route: GET /x\n    from: 2h\n    until: 90m\n    effect: {reset: true}\n',
      4,
      'faults[0].until',
      /later than from/,
    ],
    [
      'a code that is none',
      'faults:\n  - effect:\n      launchFails: {code: stockout}\n',
      3,
      'faults[0].effect.launchFails.code',
      /CLOUD_PROVIDER_RESOURCE_STOCKOUT/,
    ],
    [
      'a bucket that counts',
      'faults:\n  - count: 1\n    effect: {launchBucket: {burst: 1, perSecond: 1}}\n',
      2,
      'faults[0].count',
      /launchBucket/,
    ],
    [
      'a count of what is always on',
      'faults:\n  - offset: 1\n    effect: {noInstances: {message: x}}\n',
      2,
      'faults[0].offset',
      /from and until do/,
    ],
    [
      'machines of clusters',
      'faults:\n  - cluster: {name: x}\n    effect: {noInstances: {message: x}}\n',
      2,
      'faults[0].cluster',
      /happens to pools/,
    ],
    [
      'a name twice',
      'faults:\n  - {name: a, effect: {hangs: true}}\n  - {name: a, effect: {hangs: true}}\n',
      3,
      'faults[1].name',
      /earlier fault/,
    ],
  ])('%s', (_name, text, line, field, message) => {
    const read = readFaultFile(text);
    if (read.ok) throw new Error('it was taken');
    expect(read.problems).toEqual([{ line, field, message: expect.stringMatching(message) }]);
  });

  test('every problem is found in one go', () => {
    const read = readFaultFile('faults:\n  - {route: x, effect: {reset: true}}\n  - {effect: {hangs: false}}\n');
    expect(read).toMatchObject({
      ok: false,
      problems: [
        { line: 2, field: 'faults[0].route' },
        { line: 3, field: 'faults[1].effect.hangs' },
      ],
    });
  });

  test('an option that is wrong is refused before the sandbox starts', async () => {
    await expect(open({ effect: { reset: true } })).rejects.toThrow(/option faults\.0 must say what it happens to/);
  });
});

test('a hostile pattern takes no time', () => {
  expect(fitsGlob(`${'*a'.repeat(400)}b`, 'a'.repeat(20_000))).toBe(false);
});
