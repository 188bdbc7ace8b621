import { describe, expect, it } from 'vitest';
import { canConnect } from '../../../src/domain/plan/ssh-scope.ts';

describe('addresses that databricks ssh can keep keys for', () => {
  it.each(['ann@example.com', 'a_b-c.d9@sub.example.com', `${'a'.repeat(79)}@example.com`])('%s', (email) =>
    expect(canConnect(email)).toBe(true),
  );
  it.each(['ann+apps@example.com', "o'neil@example.com", `${'a'.repeat(80)}@example.com`])('not %s', (email) =>
    expect(canConnect(email)).toBe(false),
  );
});
