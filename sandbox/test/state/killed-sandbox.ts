import { startSandbox } from '../../src/sandbox.ts';

/** A sandbox in a process of its own, for the test that kills it: prints where it is and who may ask. */
const sandbox = await startSandbox({ state: process.argv[2] ?? '', people: ['ann@example.com'] });
process.stdout.write(`${JSON.stringify({ url: sandbox.url, token: sandbox.adminToken })}\n`);
