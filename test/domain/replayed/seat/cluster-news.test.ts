import { describe, expect, test } from 'vitest';
import { stateOf } from '../../../../src/domain/replayed/seat/seat-state.ts';
import { NOW, MINUTE, ann, settled, news, step, hear, heard } from './sample-seats.ts';

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
    let seat = settled('ready', 'PENDING', { wake: true });
    seat = heard(
      seat,
      news('TERMINATED', { terminatedAt: NOW - 20 * MINUTE, terminationType: 'CLOUD_FAILURE' }),
      NOW,
      false,
    );
    expect(seat).toMatchObject({ upMs: 0, cluster: { state: 'PENDING' } });
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
