/** All that the rest of the project may use of the sandbox. */
export { startSandbox, readFaultFile, keptIn, StateRefused } from './src/sandbox.ts';
export type {
  AppEntry,
  Books,
  ClusterEntry,
  Fault,
  FaultInput,
  NewPerson,
  PoolEntry,
  Provisioning,
  Sandbox,
  SandboxOptions,
} from './src/sandbox.ts';
export { openNodes } from './src/nodes/open-nodes.ts';
export { whyNotReal } from './src/nodes/can-be-real.ts';
export type { Nodes, NodesMode } from './src/nodes/nodes.ts';
export type { RouteLine } from './src/http/describe-routes.ts';
export { REFUSABLE, type Refusable } from './src/serving/messages/strictness.ts';
export { routeList } from './src/route-list.ts';
