import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/replayed/checklist/item.ts';
import type { Heading } from '../../../src/domain/replayed/checklist/lines.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import { MINUTE } from '../../../src/domain/replayed/time/units.ts';
import type { Forecast } from '../../../src/domain/verdict/forecast.ts';
import { stepsOf } from '../../../src/domain/verdict/steps.ts';
import type { Trouble } from '../../../src/domain/verdict/troubles.ts';
import { verdictOf, type Standing } from '../../../src/domain/verdict/verdict.ts';
import { progressAt, START } from '../../cli/sample-progress.ts';

const when = (at: number) => new Date(at).toISOString().slice(11, 16);
const said = (progress: Progress, more: Partial<Standing> = {}) => {
  const standing = { progress, isGone: false, steps: stepsOf(progress), troubles: [], now: START - 38 * MINUTE, when };
  return verdictOf({ ...standing, ...more }).text;
};
const at = (heading: Heading, changes: Readonly<Record<string, Partial<Item>>> = {}, more: Partial<Progress> = {}) => ({
  ...progressAt(heading, changes),
  ...more,
});
const wave = (more: Partial<Forecast> = {}): Forecast => ({
  people: 140,
  ready: 137,
  needPerson: 0,
  allReadyAt: START - 19 * MINUTE,
  readyByStart: 140,
  ...more,
});
const trouble = (n: number, more: Partial<Trouble> = {}): Trouble => ({
  people: Array.from({ length: n }, (_, m) => `p${m}@example.com`),
  cause: 'POST /api/2.1/clusters/create: HTTP 400 INVALID_PARAMETER_VALUE: The policy is gone. (More of it.)',
  toDo: 'Make it again.',
  needsPerson: true,
  isLasting: true,
  isLetter: false,
  ...more,
});

describe('while clusters are launched', () => {
  it('on track: how many are ready, the forecast, and what is to spare', () => {
    expect(said(at('day of'), { forecast: wave() })).toBe(
      'On track: 137 of 140 ready, forecast 07:41, 19 minutes to spare',
    );
    expect(said(at('day of'), { forecast: wave({ ready: 140 }) })).toBe(
      'On track: 140 of 140 ready, 38 minutes to spare',
    );
    expect(said(at('during'), { forecast: wave({ ready: 140 }), now: START + MINUTE })).toBe(
      'On track: 140 of 140 ready, the end is at 12:00',
    );
  });

  it('late: by how much, and how many will be ready; after the start, late is late', () => {
    const late = wave({ allReadyAt: START + 12 * MINUTE, readyByStart: 138 });
    expect(said(at('day of'), { forecast: late })).toBe(
      'Late: 137 of 140 ready, forecast 08:12, 12 minutes after the start; about 138 by the start',
    );
    expect(said(at('during'), { forecast: late, now: START + 4 * MINUTE })).toBe(
      'Late: 137 of 140 ready, forecast 08:12; it began 4 minutes ago',
    );
  });

  it('needs a person: how many cannot start without you', () => {
    expect(said(at('day of'), { forecast: wave({ needPerson: 2 }), troubles: [trouble(2)] })).toBe(
      'Needs you: 2 of 140 cannot start without you. 137 of 140 ready, 1 more at about 07:41',
    );
  });

  it('what fails beside it is said with it', () => {
    const progress = at('day of', { 'endpoint-responsive': { state: 'failed' } });
    expect(said(progress, { forecast: wave() })).toBe(
      'Needs you: "Model Serving is responsive" failed. 137 of 140 ready, forecast 07:41, 19 minutes to spare',
    );
    // A pool that did not fill matters no more once clusters are launched.
    expect(said(at('day of', { 'warm-pool': { state: 'failed' } }), { forecast: wave() })).toMatch(/^On track/);
  });
});

describe('broken for everybody', () => {
  const broken = at('during', {}, { attendees: { ...progressAt('during').attendees, attendees: 26 } });
  it('says how many, and the cause in a sentence without what only a log needs', () => {
    for (const now of [START - MINUTE, START + MINUTE])
      expect(said(broken, { troubles: [trouble(20), trouble(6)], forecast: wave(), now })).toBe(
        'Broken: 26 of 26 failed: The policy is gone.',
      );
    expect(said(broken, { troubles: [trouble(6)], forecast: wave() })).toMatch(/^On track/);
  });

  it('not while it may be chance: each failed once, and is tried again', () => {
    const once = trouble(26, { needsPerson: false, isLasting: false });
    expect(said(broken, { troubles: [once], forecast: wave() })).toMatch(/^On track/);
  });

  it('launches that are stopped, and a workspace that does not answer', () => {
    const line = { heading: 'first', kind: 'check', needs: [], title: 'A line', state: 'failed' } as const;
    const of = (more: Pick<Item, 'id' | 'evidence'>) =>
      said({ ...broken, checklist: [...broken.checklist, { ...line, ...more }] }, { troubles: [trouble(7)] });
    expect(of({ id: 'launches' })).toBe('Broken: launches are stopped. 7 of 26 failed: The policy is gone.');
    const stopped = {
      id: 'launches',
      evidence: 'launches are stopped: those of 4 people failed alike. More.',
    } as const;
    expect(said({ ...broken, checklist: [{ ...line, ...stopped }] }, { troubles: [] })).toBe(
      'Broken: launches are stopped: those of 4 people failed alike.',
    );
    expect(
      of({
        id: 'workspace',
        evidence: '7 people wait for it: GET /api/x: HTTP 401 SCIM_401: Credential was not sent. [request 7-1]',
      }),
    ).toBe('Broken: the workspace does not answer the worker as it should. Credential was not sent.');
    expect(of({ id: 'model', evidence: 'the-model refuses what it is asked, with 429.' })).toBe(
      'Broken: the-model refuses what it is asked, with 429.',
    );
  });
});

describe('before the day', () => {
  const next = { name: 'day before', at: START - 24 * 60 * MINUTE };
  const now = START - 5 * 24 * 60 * MINUTE;
  it('says what is next, and what waits for an answer', () => {
    expect(said(at('one week before'), { next, now })).toBe('On track: next is "day before", 08:00, in 4 days');
    expect(said(at('day before'), { next: { name: 'day of', at: now + 84 * MINUTE }, now })).toMatch(
      /^On track: preparation begins at .*, in 84 minutes$/,
    );
    const asked = at('one week before', { proxy: { deadline: START } });
    expect(said(asked, { next, now })).toBe(
      'On track: next is "day before", 08:00, in 4 days; 1 to be answered by you',
    );
  });

  it('says what is overdue, what failed, and whom somebody has to help', () => {
    const overdue = { proxy: { state: 'unanswered', deadline: START }, 'support-channel': { state: 'unanswered' } };
    expect(said(at('one week before', overdue as Record<string, Partial<Item>>), { next, now })).toMatch(
      /^Waiting for you: "ssh <alias> check-claude .*" \(proxy\) is overdue$/,
    );
    const failed = at('one week before', { canary: { state: 'failed' }, pool: { state: 'failed' } });
    expect(said(failed, { next, now })).toBe('Needs you: "Instance pool exists, with nothing idle" failed, and 1 more');
    for (const people of [{}, { people: { state: 'failed' as const } }])
      expect(said(at('one week before', people), { next, now, troubles: [trouble(2), trouble(1)] })).toBe(
        'Needs you: 3 of 140 people: The policy is gone. 1 more for another reason.',
      );
  });
});

describe('when it does not go on', () => {
  const by = { by: 'Ann', reason: 'second try', at: START - 60 * MINUTE };
  it('paused, and by whom; what is broken for everybody is worse', () => {
    expect(said(at('day of', {}, { paused: by }), { forecast: wave() })).toBe('Paused by Ann since 07:00: second try');
    expect(said(at('day of', {}, { paused: by }), { troubles: [trouble(140)] })).toMatch(/^Broken/);
  });

  it('cancelled: by whom, when and why, and how far the removal is', () => {
    const attendees = { ...progressAt('after').attendees, byState: { released: 20, ready: 120 } };
    expect(said(at('after', {}, { cancelled: by, status: 'cancelling', attendees }))).toBe(
      'Cancelled by Ann, 07:00: second try. Everything is being removed: 20 of 140 people have left.',
    );
    expect(said(at('after', {}, { cancelled: by, status: 'finished' }))).toBe(
      'Cancelled by Ann, 07:00: second try. Everything was removed.',
    );
  });

  it('over: being removed, held up, proven or not', () => {
    const now = START + 5 * 60 * MINUTE;
    expect(said(at('after'), { now })).toBe('Over since 12:00; it is being removed, 0 of 140 people have left.');
    const heldUp = at('after', { teardown: { state: 'running', toDo: 'Unpin it.' } });
    const moot = at('after', { 'warm-pool': { state: 'failed' }, proxy: { state: 'unanswered' } });
    expect([said(moot, { now }), stepsOf(moot)]).toEqual([said(at('after'), { now }), []]);
    expect(said(heldUp, { now })).toBe('Over since 12:00; not everything could be done: "Clusters and pool removed".');
    expect(said(at('after', {}, { status: 'finished' }))).toBe('Over, and it is not proven that nothing is left.');
    expect(said(at('after', { proof: { state: 'passed' } }, { status: 'finished' }))).toBe(
      'Over: everything was removed, and two empty listings prove it.',
    );
  });

  it('gone comes before everything', () => {
    expect(said(at('during', {}, { paused: by }), { isGone: true, troubles: [trouble(140)] })).toMatch(/^Gone: /);
  });
});
