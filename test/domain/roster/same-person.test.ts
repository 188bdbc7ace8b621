import { expect, it } from 'vitest';
import { secondAddresses } from '../../../src/domain/roster/same-person.ts';

const CLEO = { userName: 'u1234@corp.example.com', others: ['cleo@example.com', 'cleo@home.example.com'] };
const U1234 = { email: 'u1234@corp.example.com', ...CLEO };
const AT_HOME = {
  email: 'cleo@home.example.com',
  userName: CLEO.userName,
  others: ['cleo@example.com', 'u1234@corp.example.com'],
};
const ANN = { email: 'ann@example.com', userName: 'ann@example.com' };

it('two addresses of one user in a roster are one person: the first counts', () => {
  expect(secondAddresses([ANN, U1234, AT_HOME], new Set())).toEqual([
    { email: 'cleo@home.example.com', sameAs: 'u1234@corp.example.com', userName: 'u1234@corp.example.com' },
  ]);
});

it('another address of whoever is enrolled already is one too, and theirs counts wherever it stands', () => {
  const enrolled = new Set(['cleo@home.example.com']);
  for (const people of [[U1234, AT_HOME], [AT_HOME, U1234], [U1234]])
    expect(secondAddresses(people, enrolled)).toEqual([
      { email: 'u1234@corp.example.com', sameAs: 'cleo@home.example.com', userName: 'u1234@corp.example.com' },
    ]);
});

it('whoever is not in the workspace is nobody else', () => {
  const nobody = { email: 'nobody@example.com', cause: 'not there', toDo: 'add them' };
  expect(secondAddresses([nobody, { ...nobody, email: 'nobody2@example.com' }, ANN], new Set())).toEqual([]);
});
