import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** 32 hexadecimal digits that nobody can guess. */
export const randomHex = (): string => randomBytes(16).toString('hex');

/** Lower-case letters and digits that nobody can guess. */
export const randomLetters = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
