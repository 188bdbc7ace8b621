import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../../src/domain/replayed/diagnosis/diagnosis.ts';
import { nextStep, type SeatRules } from '../../../../src/domain/replayed/seat/next-step.ts';
import { repairBegun, repaired, setAside, toRepair, triedInVain } from '../../../../src/domain/replayed/seat/repair.ts';
import { newSeat, type ClusterState, type Seat } from '../../../../src/domain/replayed/seat/seat.ts';
import { launching, stopping } from '../../../../src/domain/replayed/seat/transitions.ts';

const NOW = 1_000_000;
const RULES: SeatRules = { preProvision: true, mayCreate: true, held: false };
const BROKEN: Diagnosis = { class: 'check claude', cause: 'claude is missing', toDo: 'look', remedy: 'restart' };

/** Somebody's cluster in the middle of the event. */
const seat = (state: ClusterState = 'RUNNING'): Seat => ({
  ...newSeat('k', 'ann@example.com', 'attendee', 1),
  target: 'ready',
  state: 'ready',
  person: { userName: 'ann@example.com', workspaceAccess: 'yes' },
  access: true,
  clusters: 1,
  letter: 'c1',
  proof: { kind: 'attendee', at: 1, ok: true, said: 'well' },
  cluster: { id: 'c1', name: 'one', state, shared: true, verified: true, launchedAt: 0, option: 0 },
});
const step = (it: Seat) => nextStep(it, RULES, NOW);
const as = (it: Seat, state: ClusterState): Seat => (it.cluster ? { ...it, cluster: { ...it.cluster, state } } : it);
const ask = (it: Seat, stage: 'restart' | 'other machine' | 'new cluster' = 'restart') =>
  toRepair(it, stage, 'Ann', NOW);

describe('a cluster that somebody wants mended', () => {
  it('is restarted under its own id, and is well once it is seen to serve', () => {
    const asked = ask(seat());
    expect(step(asked)).toBe('stop');
    const stopped = repairBegun(stopping(asked));
    expect(step(stopped)).toBe('rest');
    const down = as(stopped, 'TERMINATED');
    expect(step(down)).toBe('start');
    const up = as(launching(down, 'start'), 'RUNNING');
    expect(step(up)).toBe('verify');
    expect(repaired(up)).toMatchObject({ cluster: { id: 'c1' }, generation: 1 });
    expect(repaired(up).repair).toBeUndefined();
  });

  it('of one that is down the start is the restart', () => {
    expect(step(ask(seat('TERMINATED')))).toBe('start');
  });

  it('a boot that hangs is stopped too', () => {
    expect(step(ask(seat('PENDING')))).toBe('stop');
  });

  it('whoever has none gets one, as everybody does', () => {
    expect(step(ask(seat('GONE')))).toBe('create');
  });

  it('in vain, it goes to another machine, then comes another cluster, and the old one stays for a look', () => {
    const restarted = as(launching(as(repairBegun(stopping(ask(seat()))), 'TERMINATED'), 'start'), 'RUNNING');
    const moved = triedInVain(restarted, BROKEN, 2, NOW);
    expect(moved).toMatchObject({ option: 1, repair: { stage: 'other machine', begun: false } });
    expect(step(moved)).toBe('stop');
    const again = as(launching(as(repairBegun(stopping(moved)), 'TERMINATED'), 'start'), 'RUNNING');
    const given = triedInVain(again, BROKEN, 2, NOW);
    expect(step(given)).toBe('set aside');
    const alone = setAside(given, NOW);
    expect(alone).toMatchObject({ setAside: ['c1'], generation: 2, option: 0, upMs: NOW, letter: 'c1' });
    expect(alone.cluster).toBeUndefined();
    expect(step(alone)).toBe('create');
    // What comes after that fails as everybody's does.
    expect(triedInVain(launching(alone, 'create'), BROKEN, 2, NOW).repair).toBeUndefined();
  });

  it('without another machine the next is a new cluster', () => {
    const restarted = launching(as(repairBegun(stopping(ask(seat()))), 'TERMINATED'), 'start');
    expect(triedInVain(restarted, BROKEN, 0, NOW).repair).toMatchObject({ stage: 'new cluster', begun: false });
  });

  it('what only a person can mend is left to them', () => {
    const restarted = launching(as(repairBegun(stopping(ask(seat()))), 'TERMINATED'), 'start');
    expect(triedInVain(restarted, { ...BROKEN, remedy: 'person' }, 2, NOW).repair).toBeUndefined();
  });

  it('a new cluster at once is a new cluster at once, also beside a stop that was on its way', () => {
    const asked = ask(seat(), 'new cluster');
    expect(step(asked)).toBe('set aside');
    expect(step(repairBegun(stopping(asked)))).toBe('set aside');
  });

  it('nobody else is touched by it: a failure without a repair changes nothing', () => {
    expect(triedInVain(seat(), BROKEN, 2, NOW)).toEqual(seat());
  });
});
