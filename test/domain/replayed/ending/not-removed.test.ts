import { describe, expect, it } from 'vitest';
import { heldUp, NotRemoved, type NotDone } from '../../../../src/domain/replayed/ending/not-removed.ts';

const PAUSE = 300_000;
const named = (...ids: string[]) => ids.map((id) => ({ id, name: `cluster of ${id}` }));
const refused = (id: string): NotDone => ({
  id,
  why: 'HTTP 400: unpin first',
  toDo: `databricks clusters unpin ${id}`,
  refused: true,
});
const failed = (id: string): NotDone => ({ ...refused(id), why: 'HTTP 503', refused: false });

describe('what a removal could not do', () => {
  it('lets a refusal wait, and nothing else', () => {
    const left = new NotRemoved(PAUSE);
    left.note(named('ann', 'ben', 'cleo'), [refused('ann'), failed('ben')], 0);
    expect(['ann', 'ben', 'cleo', 'new'].map((id) => left.mayTry(id, 1))).toEqual([false, true, true, true]);
    expect(left.mayTry('ann', PAUSE)).toBe(true);
    expect(left.isRefused('ann')).toBe(true);
    expect(left.isRefused('ben')).toBe(false);
  });

  it('says a refusal at once, and what may yet succeed once it has failed three times in a row', () => {
    const left = new NotRemoved(PAUSE);
    for (const at of [0, 1]) left.note(named('ann', 'ben'), [refused('ben'), failed('ann')], at);
    expect(left.said.map(({ id }) => id)).toEqual(['ben']);
    left.note(named('ann'), [], 2);
    for (const at of [3, 4]) left.note(named('ann'), [failed('ann')], at);
    expect(left.said.map(({ id }) => id)).toEqual(['ben']);
    left.note(named('ann'), [failed('ann')], 5);
    expect(left.said.map(({ id }) => id)).toEqual(['ann', 'ben']);
  });

  it('forgets what is gone', () => {
    const left = new NotRemoved(PAUSE);
    left.note(named('ann', 'ben'), [refused('ann'), refused('ben')], 0);
    left.note(named('ann'), [], 1);
    left.keepOnly(new Set(['ann']));
    expect(left.said).toEqual([]);
  });

  it('is told by name, with the command, and not without end', () => {
    const left = new NotRemoved(PAUSE);
    expect(heldUp(left.said)).toBeUndefined();
    left.note(named('0123-abc'), [refused('0123-abc')], 0);
    expect(heldUp(left.said)).toBe(
      'One thing could not be done; all else goes on, and it is tried again.\n' +
        '- cluster of 0123-abc (0123-abc): HTTP 400: unpin first. Type: databricks clusters unpin 0123-abc',
    );
    const many = Array.from({ length: 60 }, (_, n) => `c${n}`);
    left.note(named(...many), many.map(refused), 1);
    expect(heldUp(left.said)?.split('\n')).toHaveLength(12);
    expect(heldUp(left.said)).toContain('and 51 more');
  });
});
