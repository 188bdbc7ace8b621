import { describe, expect, test } from 'vitest';
import type { AppPlan } from '../../../../src/domain/plan/fields/apps.ts';
import { appLimit, appRoomWords, appsWanted, judgeAppRoom } from '../../../../src/domain/replayed/capacity/app-room.ts';

const WORKSPACE = 'https://adb-1.2.azuredatabricks.net';
const apps = (change: Partial<AppPlan> = {}): AppPlan => ({
  way: 'each',
  teamSize: 5,
  showcase: 5,
  afterwards: 'stop',
  ...change,
});
const judged = (change: Partial<AppPlan>, people: number, there?: number) =>
  judgeAppRoom({ workspace: WORKSPACE, apps: apps(change) }, people, there);

test('how many apps a workshop makes follows the way that the plan names', () => {
  expect(appsWanted(apps({ way: 'each' }), 140)).toBe(140);
  expect(appsWanted(apps({ way: 'team' }), 141)).toBe(29);
  expect(appsWanted(apps({ way: 'local' }), 140)).toBe(5);
  expect(appsWanted(apps({ way: 'local' }), 3)).toBe(3);
  expect(appsWanted(apps({ way: 'none' }), 140)).toBe(0);
  expect(appsWanted(undefined, 140)).toBe(0);
});

test('a workspace holds 100, half of it on Google Cloud, or what the plan knows better', () => {
  expect(appLimit({ workspace: WORKSPACE })).toBe(100);
  expect(appLimit({ workspace: 'https://1.2.gcp.databricks.com' })).toBe(50);
  expect(appLimit({ workspace: WORKSPACE, apps: apps({ limit: 300 }) })).toBe(300);
});

describe('whether they fit', () => {
  test('140 people with one each do not, whatever is deleted before, and what helps is said', () => {
    const room = judged({}, 140, 12);
    expect(room).toMatchObject({ wanted: 140, limit: 100, there: 12, isEnough: false });
    expect(appRoomWords(room)).toBe('140 apps are wanted, and the workspace holds 100, of which 12 are there');
    expect(room.remedies.join('\n')).toMatch(
      /Nobody can have the number raised\.\n.*2 people or more in each.*teamSize: 2/,
    );
    expect(room.remedies.join('\n')).toMatch(/showcase: 5/);
    expect(room.remedies.join('\n')).toMatch(/up to 20 minutes/);
  });

  test('a remedy that would not fit either is none', () => {
    const full = judged({ way: 'team' }, 140, 100).remedies.join('\n');
    expect(full).not.toContain('way: team');
    expect(full).toContain('showcase: 0');
    expect(judged({ way: 'team' }, 140, 98).remedies.join('\n')).not.toContain('way: team');
    expect(judged({ way: 'team', teamSize: 5 }, 140, 90).remedies.join('\n')).toContain('teamSize: 14');
  });

  test('those that are there count; one more than fits does not', () => {
    expect(judged({}, 40, 60)).toMatchObject({ isEnough: true, remedies: [] });
    expect(judged({}, 41, 60).isEnough).toBe(false);
    expect(judged({}, 100).isEnough).toBe(true);
  });
});
