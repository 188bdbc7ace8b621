import { describe, expect, test } from 'vitest';
import { stateOf } from '../../../../src/domain/replayed/seat/seat-state.ts';
import { started, stopping } from '../../../../src/domain/replayed/seat/transitions.ts';
import { NOW, MINUTE, ann, cluster, settled, news, step, hear, heard } from './sample-seats.ts';

describe('news from a listing', () => {
  test('a boot is measured from its launch', () => {
    let seat = settled('ready', 'PENDING', { wake: true });
    seat = heard(seat, news('RUNNING'), NOW, false);
    expect(seat).toMatchObject({ wake: false, cluster: { state: 'RUNNING', bootMs: 10 * MINUTE } });
  });

  test('stopped by itself is sleep; its time is added to what was used', () => {
    for (const terminationCode of ['INACTIVITY', 'USER_REQUEST']) {
      let seat = settled('ready', 'RUNNING', { readyAt: NOW - MINUTE });
      seat = heard(
        seat,
        news('TERMINATED', { terminatedAt: NOW, terminationCode, terminationType: 'SUCCESS' }),
        NOW + MINUTE,
        false,
      );
      expect(stateOf(seat)).toBe('asleep');
      expect(seat.upMs).toBe(10 * MINUTE);
    }
  });

  test('anything else it died of is a failure', () => {
    for (const terminationType of ['CLIENT_ERROR', 'SERVICE_FAULT', 'CLOUD_FAILURE']) {
      heard(
        settled('ready', 'PENDING'),
        news('TERMINATED', { terminatedAt: NOW, terminationCode: 'X', terminationType }),
        NOW,
        true,
      );
    }
  });

  test('said twice, it counts once', () => {
    let seat = settled('ready', 'RUNNING');
    const died = news('TERMINATED', { terminatedAt: NOW, terminationCode: 'X', terminationType: 'CLOUD_FAILURE' });
    seat = heard(seat, died, NOW, true);
    const after = structuredClone(seat);
    seat = heard(seat, died, NOW + MINUTE, false);
    expect(seat).toEqual(after);
  });

  test('the end of the run before the last launch is old', () => {
    const ended = news('TERMINATED', { terminatedAt: NOW - 20 * MINUTE, terminationType: 'CLOUD_FAILURE' });
    let seat = heard(settled('ready', 'RUNNING'), ended, NOW - 19 * MINUTE, true);
    const { upMs } = seat;
    seat = started(seat, 'starting', NOW);
    seat = heard(seat, ended, NOW, false);
    expect(seat).toMatchObject({ upMs, cluster: { state: 'PENDING' } });
  });

  test('an end is believed however far our clock and the workspace’s are apart', () => {
    const behind = news('TERMINATED', { terminatedAt: NOW - 11 * MINUTE, terminationType: 'SUCCESS' });
    // Launched, by our clock, after the workspace says that it ended.
    const stopped = hear(stopping(settled('prepared', 'RUNNING')), behind, NOW).seat;
    expect(stateOf(stopped)).toBe('parked');
    const died = { ...behind, terminationType: 'CLOUD_FAILURE' };
    expect(heard(settled('ready', 'PENDING'), died, NOW, true).cluster?.state).toBe('TERMINATED');
    // Also when the same end is told as that of the run before: the seat itself asked for it.
    const again = stopping({ ...stopped, cluster: cluster('PENDING', { endedAt: NOW - 11 * MINUTE }) });
    expect(hear(again, behind, NOW).seat.cluster?.state).toBe('TERMINATED');
  });

  test('of another cluster, or for a seat without one, changes nothing', () => {
    let seat = settled('ready', 'RUNNING');
    seat = heard(seat, { clusterId: 'c9', state: 'GONE' }, NOW, false);
    expect(seat.cluster?.state).toBe('RUNNING');
    heard(ann(), news('RUNNING'), NOW, false);
  });

  test('gone from every listing, it is made again', () => {
    let seat = settled('ready', 'RUNNING');
    seat = heard(seat, news('GONE'), NOW, false);
    expect(stateOf(seat)).toBe('waiting');
    expect(step(seat)).toBe('create');
  });

  test('a restart by its owner begins a clock of its own, and teaches no boot time', () => {
    for (const phase of ['RESTARTING', 'RESIZING', 'PENDING'] as const) {
      const boot = { bootMs: 3 * MINUTE, launchedAt: NOW - 120 * MINUTE };
      let seat = settled('ready', 'RUNNING', { cluster: cluster('RUNNING', boot) });
      seat = heard(seat, news(phase), NOW, false);
      expect(seat.cluster).toMatchObject({ phaseAt: NOW, launchedAt: NOW - 120 * MINUTE });
      seat = heard(seat, news('RUNNING'), NOW + 2 * MINUTE, false);
      expect(seat.cluster).toMatchObject({ state: 'RUNNING', ...boot });
      expect(seat.cluster?.phaseAt).toBeUndefined();
    }
  });

  test('one that goes down and is up again before anybody saw it down has begun a new run', () => {
    let seat = stopping(settled('ready', 'RUNNING'));
    seat = hear(seat, news('PENDING'), NOW).seat;
    expect(seat.cluster?.state).toBe('TERMINATING');
    seat = hear(seat, news('PENDING'), NOW + MINUTE).seat;
    expect(seat).toMatchObject({ upMs: 11 * MINUTE, cluster: { state: 'PENDING', launchedAt: NOW + MINUTE } });
    seat = hear(seat, news('RUNNING'), NOW + 4 * MINUTE).seat;
    expect(seat.cluster?.bootMs).toBe(3 * MINUTE);
  });

  test('woken by its owner, the new run begins now', () => {
    let seat = settled('ready', 'TERMINATED', { upMs: 5 * MINUTE });
    seat = hear(seat, news('PENDING'), NOW).seat;
    seat = hear(seat, news('RUNNING'), NOW + 3 * MINUTE).seat;
    expect(seat).toMatchObject({ upMs: 5 * MINUTE, cluster: { launchedAt: NOW, bootMs: 3 * MINUTE } });
    const asleep = news('TERMINATED', { terminatedAt: NOW + 8 * MINUTE, terminationType: 'SUCCESS' });
    seat = hear(seat, asleep, NOW + 9 * MINUTE).seat;
    expect(seat.upMs).toBe(13 * MINUTE);
  });
});
