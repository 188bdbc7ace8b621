import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { FirstProcess } from './first-process.ts';
import { eachLine } from './lines.ts';
import { Tail } from './tail.ts';
import { forbiddenCalls } from '../forbidden-calls.ts';
import { agentCommand, bubblewrapOptions } from './machine-mounts.ts';
import type { MachinePlan } from './machine-mounts.ts';

const READY_MS = 20_000;
const CONNECT_MS = 10_000;
const STOP_MS = 5_000;
/** Through each socket at a time: whoever is root on a node could take all that this process may have. */
const MOST_CONNECTIONS = 500;
/** The agent itself stays far below. */
const LONGEST_NEWS = 262_144;

/** What the agent says. Whoever is root on the node can forge it, so it is read like anything from outside. */
const news = z.object({
  id: z.string().max(64).optional(),
  event: z.enum(['ready', 'started', 'output', 'exit', 'refused']),
  stream: z.enum(['stdout', 'stderr']).optional(),
  data: z.base64().optional(),
  code: z.int().optional(),
  why: z.string().max(500).optional(),
});

export interface Program {
  readonly argv: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Its whole standard input; without it the input stays open for `write`. */
  readonly input?: string;
  /** Called with everything it prints, as it comes. */
  onOutput?(stream: 'stdout' | 'stderr', text: string): void;
}

export interface ProgramEnd {
  /** Negative: the signal that ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  /** Resolves when it runs, or never will. */
  readonly started: Promise<void>;
  /** Never rejects: a program whose node is gone ended with code -9. */
  readonly ended: Promise<ProgramEnd>;
  write(text: string): void;
  /** SIGTERM, and SIGKILL when it has not ended after so many milliseconds, 2 s without them. */
  stop(graceMs?: number): void;
}

interface Held {
  readonly program: Program;
  readonly stdout: Tail;
  readonly stderr: Tail;
  start(): void;
  end(code: number): void;
}

/** One real node: an isolated root with processes, files and a network of its own. */
export class Machine {
  readonly #child: ChildProcess;
  readonly #sockets: readonly Server[];
  readonly #programs = new Map<string, Held>();
  readonly #tunnels = new Map<string, { open(socket: Socket): void; fail(why: string): void }>();
  /** Resolves with a sentence when it ends, asked to or not. */
  readonly gone: Promise<string>;
  #isGone = false;
  readonly #first: FirstProcess;

  private constructor(child: ChildProcess, sockets: readonly Server[]) {
    this.#child = child;
    this.#sockets = sockets;
    let complaint = '';
    child.stderr?.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString()).slice(-2_000);
    });
    this.#first = new FirstProcess((child.stdio as readonly unknown[])[5] as Readable);
    this.gone = once(child, 'exit').then(([code, signal]) => {
      this.#isGone = true;
      for (const socket of sockets) socket.close();
      for (const held of this.#programs.values()) held.end(-9);
      for (const tunnel of this.#tunnels.values()) tunnel.fail('the node is gone');
      return `The node ended (${String(code ?? signal)}). ${complaint.trim()}`.trim();
    });
    // Whoever is ended before it has read what was written resets the connection, of each of these.
    for (const stream of child.stdio) stream?.on('error', () => {});
  }

  /**
   * Starts a node.
   * @param onWorkspaceConnection given every connection that a program on the node makes to the workspace.
   * @throws {Error} with the reason when it does not come up within 20 s.
   */
  static async start(plan: MachinePlan, onWorkspaceConnection: (socket: Socket) => void): Promise<Machine> {
    const tunnels = createServer({ allowHalfOpen: true });
    const workspace = createServer({ allowHalfOpen: true }, onWorkspaceConnection);
    for (const socket of [tunnels, workspace]) socket.maxConnections = MOST_CONNECTIONS;
    await Promise.all([
      listening(tunnels, join(plan.socketFolder, 'tunnels')),
      listening(workspace, join(plan.socketFolder, 'workspace')),
    ]);
    const filter = forbiddenCalls();
    if (!filter) throw new Error(`The system calls of ${process.arch} processors are not known here.`);
    const options = ['--args', '3', '--seccomp', '4', '--info-fd', '5', '--'];
    const child = spawn(whereIs('bwrap'), [...options, ...agentCommand(plan)], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // Whatever is in here, tokens too, could be read on the node: bubblewrap is its process 1.
      env: {},
    });
    (child.stdio[4] as Writable).end(filter);
    // Not on the command line, which can be read on the node and tells how this computer's folders are called.
    (child.stdio[3] as Writable).end(
      bubblewrapOptions(plan)
        .map((option) => `${option}\0`)
        .join(''),
    );
    const failed = once(child, 'error').then(([error]) => (error as Error).message);
    const machine = new Machine(child, [tunnels, workspace]);
    tunnels.on('connection', (socket) => machine.#admit(socket));
    const ready = new Promise<undefined>((resolve) => machine.#listen(() => resolve(undefined)));
    const late = new Promise<string>(
      (resolve) => void setTimeout(resolve, READY_MS, 'The node did not come up in time.').unref(),
    );
    const why = await Promise.race([ready, machine.gone, failed, late]);
    if (why === undefined) return machine;
    await machine.stop();
    throw new Error(why);
  }

  run(program: Program): RunningProgram {
    const id = randomUUID();
    const held = Promise.withResolvers<ProgramEnd>();
    const started = Promise.withResolvers<void>();
    const stdout = new Tail();
    const stderr = new Tail();
    this.#programs.set(id, {
      program,
      stdout,
      stderr,
      start: () => started.resolve(),
      end: (code) => {
        this.#programs.delete(id);
        started.resolve();
        held.resolve({ code, stdout: stdout.text(), stderr: stderr.text() });
      },
    });
    if (this.#isGone) this.#programs.get(id)?.end(-9);
    const { argv, env, cwd, input } = program;
    this.#order({
      do: 'run',
      id,
      argv,
      env,
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? {} : { input }),
    });
    // Orders for a program that does not run yet would be lost.
    const toIt = async (order: Readonly<Record<string, unknown>>): Promise<void> => {
      await started.promise;
      this.#order({ ...order, id });
    };
    return {
      started: started.promise,
      ended: held.promise,
      write: (text) => void toIt({ do: 'write', text }),
      stop: (graceMs = 2_000) => void toIt({ do: 'stop', grace: graceMs / 1_000 }),
    };
  }

  /** A file on the node, there before the next program starts. */
  put(path: string, bytes: Uint8Array): void {
    this.#order({ do: 'put', path, data: Buffer.from(bytes).toString('base64') });
  }

  /** A connection to a port of the node. @throws {Error} when nothing listens there. */
  connect(port: number): Promise<Socket> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const timer = setTimeout(() => this.#tunnels.get(id)?.fail('it did not answer'), CONNECT_MS);
    const settle = (): void => {
      clearTimeout(timer);
      this.#tunnels.delete(id);
    };
    this.#tunnels.set(id, {
      open(socket) {
        settle();
        resolve(socket);
      },
      fail(why) {
        settle();
        reject(new Error(why));
      },
    });
    if (this.#isGone) this.#tunnels.get(id)?.fail('the node is gone');
    this.#order({ do: 'connect', id, port });
    return promise;
  }

  /** Ends everything on it at once, and waits until nothing of it runs. Its files stay. */
  async stop(): Promise<void> {
    if (!this.#isGone && !this.#first.kill()) this.#child.kill('SIGKILL');
    const isLate = await Promise.race([
      this.gone.then(() => false),
      new Promise<boolean>((resolve) => void setTimeout(resolve, STOP_MS, true).unref()),
    ]);
    if (isLate) this.#child.kill('SIGKILL');
    for (const socket of this.#sockets) socket.close();
  }

  #order(order: Readonly<Record<string, unknown>>): void {
    if (!this.#isGone) this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #listen(ready: () => void): void {
    if (!this.#child.stdout) return;
    eachLine(this.#child.stdout, LONGEST_NEWS, (line) => {
      let message: z.output<typeof news>;
      try {
        message = news.parse(JSON.parse(line));
      } catch {
        return;
      }
      if (message.event === 'ready') ready();
      const held = this.#programs.get(message.id ?? '');
      if (message.event === 'refused') this.#tunnels.get(message.id ?? '')?.fail(message.why ?? 'refused');
      if (message.event === 'started') held?.start();
      if (message.event === 'output' && message.stream && message.data && held) {
        const text = held[message.stream].add(Buffer.from(message.data, 'base64'));
        held.program.onOutput?.(message.stream, text);
      }
      if (message.event === 'exit') {
        if (message.why) held?.stderr.add(Buffer.from(message.why));
        held?.end(message.code ?? -1);
      }
    });
  }

  /** A connection comes back from the node, and says first which one it is. */
  #admit(socket: Socket): void {
    let name = '';
    socket.on('error', () => socket.destroy());
    const nameless = setTimeout(() => socket.destroy(), CONNECT_MS);
    socket.on('close', () => clearTimeout(nameless));
    const read = (): void => {
      for (let byte = socket.read(1) as Buffer | null; byte !== null; byte = socket.read(1) as Buffer | null) {
        if (byte[0] === 0x0a) {
          socket.off('readable', read);
          clearTimeout(nameless);
          const tunnel = this.#tunnels.get(name);
          if (tunnel) tunnel.open(socket);
          else socket.destroy();
          return;
        }
        name += byte.toString('latin1');
        if (name.length > 64) {
          socket.destroy();
          return;
        }
      }
    };
    socket.on('readable', read);
  }
}

/** Looked for here, so that a node does not learn this computer's PATH. */
function whereIs(command: string): string {
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command));
  return paths.find((path) => existsSync(path)) ?? command;
}

async function listening(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}
