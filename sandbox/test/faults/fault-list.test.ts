import { describe, expect, test } from 'vitest';
import type { FaultInput } from '../../src/sandbox.ts';
import { Faults } from '../../src/faults/faults.ts';
import { readFaults } from '../../src/faults/fault.ts';
import { CREATE, LIST } from './fault-requests.ts';

describe('the list of faults while the sandbox runs', () => {
  const made = (...faults: FaultInput[]) => {
    const read = readFaults(faults);
    if (!read.ok) throw new Error('unreadable');
    return new Faults(read.faults, 1, 0);
  };
  const subject = { key: 'x' };

  test('is replaced, added to and emptied; a wrong one changes nothing', () => {
    const faults = made({ name: 'a', route: LIST, effect: { status: 500 } });
    faults.onRequest(LIST, subject, 0);
    expect(faults.add({ name: 'b', route: CREATE, effect: { reset: true } }).ok).toBe(true);
    expect(faults.list()).toMatchObject([
      { fault: { name: 'a' }, fired: 1 },
      { fault: { name: 'b' }, fired: 0 },
    ]);
    expect(faults.add({ name: 'a', route: CREATE, effect: { reset: true } })).toMatchObject({
      ok: false,
      problems: [{ path: [2, 'name'] }],
    });
    expect(faults.replace([{ effect: { reset: true } }])).toMatchObject({
      ok: false,
      problems: [{ message: 'must say what it happens to: route, cluster or pool' }],
    });
    expect(faults.list()).toHaveLength(2);
    expect(faults.replace([{ name: 'c', route: LIST, effect: { reset: true } }]).ok).toBe(true);
    expect(faults.list()).toMatchObject([{ fault: { name: 'c' }, fired: 0 }]);
    expect(faults.replace([]).ok).toBe(true);
    expect(faults.isEmpty).toBe(true);
  });
});
