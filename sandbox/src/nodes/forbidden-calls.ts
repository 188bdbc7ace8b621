/** A system call by its number on each kind of processor. */
type Numbers = readonly [x64: number, arm64: number];

/**
 * What reaches beyond a node although it asks for no capability that a node's root lacks: key rings belong to the
 * whole computer's root, and the rest is where holes in the kernel are found. Containers forbid the same by custom.
 */
const FORBIDDEN: Readonly<Record<string, Numbers>> = {
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  open_by_handle_at: [304, 265],
  setns: [308, 268],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
};
/**
 * Forbidden with CLONE_NEWUSER only: a user namespace gives back every capability, and with them the computer's
 * cgroups.
 */
const MAY_MAKE_USERS: readonly Numbers[] = [
  [56, 220],
  [272, 97],
];
/** Its flags lie where no filter can look: programs take the older call when it is missing. */
const CLONE3 = 435;
const CLONE_NEWUSER = 0x1000_0000;

/** As the kernel names processors to a filter, and where its numbers end: beyond are those of a second set on x64. */
const PROCESSORS: Readonly<Record<string, { readonly arch: number; readonly column: 0 | 1; readonly end: number }>> = {
  x64: { arch: 0xc000_003e, column: 0, end: 0x4000_0000 },
  arm64: { arch: 0xc000_00b7, column: 1, end: 0x4000_0000 },
};

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const ANSWER = 0x06;

const NUMBER_AT = 0;
const ARCH_AT = 4;
const FIRST_ARGUMENT_AT = 16;

const ALLOWED = 0x7fff_0000;
const NOT_PERMITTED = 0x0005_0001;
const NOT_THERE = 0x0005_0026;

interface Step {
  readonly code: number;
  readonly value: number;
  /** How many steps are left out when the condition holds, and when it does not. */
  readonly ifSo?: number;
  readonly ifNot?: number;
}

const answer = (value: number): Step => ({ code: ANSWER, value });
const load = (value: number): Step => ({ code: LOAD, value });

/**
 * A filter for `bwrap --seccomp`, in the kernel's own form; undefined where the numbers of this processor's calls are
 * not known.
 */
export function forbiddenCalls(processor: string = process.arch): Buffer | undefined {
  const known = PROCESSORS[processor];
  if (!known) return undefined;
  const steps: Step[] = [
    load(ARCH_AT),
    { code: IF_EQUAL, value: known.arch, ifSo: 1 },
    answer(NOT_THERE),
    load(NUMBER_AT),
    { code: IF_AT_LEAST, value: known.end, ifNot: 1 },
    answer(NOT_THERE),
    { code: IF_EQUAL, value: CLONE3, ifNot: 1 },
    answer(NOT_THERE),
    ...Object.values(FORBIDDEN).flatMap((numbers): Step[] => [
      { code: IF_EQUAL, value: numbers[known.column], ifNot: 1 },
      answer(NOT_PERMITTED),
    ]),
    ...MAY_MAKE_USERS.flatMap((numbers): Step[] => [
      { code: IF_EQUAL, value: numbers[known.column], ifNot: 4 },
      load(FIRST_ARGUMENT_AT),
      { code: IF_ANY_BIT, value: CLONE_NEWUSER, ifNot: 1 },
      answer(NOT_PERMITTED),
      answer(ALLOWED),
    ]),
    answer(ALLOWED),
  ];
  return Buffer.concat(steps.map(encoded));
}

/** struct sock_filter. */
function encoded({ code, value, ifSo = 0, ifNot = 0 }: Step): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifSo, 2);
  bytes.writeUInt8(ifNot, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
