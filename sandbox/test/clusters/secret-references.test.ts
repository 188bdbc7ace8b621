import { expect, test } from 'vitest';
import { Principals } from '../../src/identity/principals.ts';
import { SecretScopes } from '../../src/secrets/secret-scopes.ts';

test('a reference stands for the secret, for who may read it', () => {
  const principals = new Principals();
  const [ann, ben] = ['ann@example.com', 'ben@example.com'].map((userName) => principals.addUser({ userName }));
  if (!ann || !ben) throw new Error('two people are needed');
  const scopes = new SecretScopes(principals);
  scopes.create('scope', ann.userName);
  scopes.put(scopes.get('scope'), 'key', Buffer.from('hush'), 0);
  expect(scopes.resolve(ann, '{{secrets/scope/key}}')).toBe('hush');
  for (const text of ['plain', 'x{{secrets/scope/key}}', '{{secrets/scope}}', '{{secrets/scope/key}} ', ''])
    expect(scopes.resolve(ben, text)).toBe(text);
  expect(() => scopes.resolve(ben, '{{secrets/scope/key}}')).toThrow(
    /^User ben@example.com does not have READ permission on scope: scope$/,
  );
  expect(() => scopes.resolve(ann, '{{secrets/scope/none}}')).toThrow(
    /^Secret does not exist with scope: scope and key: none$/,
  );
  expect(() => scopes.resolve(ann, '{{secrets/none/key}}')).toThrow(/^Scope none does not exist!$/);
});
