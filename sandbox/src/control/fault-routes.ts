import { readFaults } from '../faults/fault.ts';
import type { Fault } from '../faults/fault.ts';
import { ControlRefusal } from './control-route.ts';
import type { ControlCall, ControlRoute, ControlWorld } from './control-route.ts';

const EXAMPLE = {
  faults: [{ name: 'lost', route: 'POST /api/2.1/clusters/create', count: 1, effect: { lostAnswer: true } }],
};

/** What is to go wrong, while the sandbox runs. */
export function faultRoutes({ workspace, acts }: ControlWorld): ControlRoute[] {
  const standing = (): unknown => ({
    faults: workspace.faults.list().map(({ fault, fired }) => ({ ...fault, fired })),
  });
  return [
    {
      method: 'GET',
      path: 'faults',
      does: 'What is to go wrong, and how often each fault has hit something',
      handle: standing,
    },
    {
      method: 'POST',
      path: 'faults',
      does: 'Adds faults; those there are go on counting (sandbox/docs/faults.md)',
      takes: EXAMPLE,
      handle(call) {
        const faults = faultsIn(
          call,
          workspace.faults.list().map(({ fault }) => fault),
        );
        acts.addFaults(faults);
        return standing();
      },
    },
    {
      method: 'PUT',
      path: 'faults',
      does: 'Puts these faults in the place of all others, and counts from the beginning',
      takes: EXAMPLE,
      handle(call) {
        acts.replaceFaults(faultsIn(call, []));
        return standing();
      },
    },
    {
      method: 'DELETE',
      path: 'faults',
      does: 'Takes all faults away',
      handle() {
        acts.replaceFaults([]);
        return standing();
      },
    },
  ];
}

/** @param beside those that are there already, whose names are taken. */
function faultsIn({ json }: ControlCall, beside: readonly Fault[]): Fault[] {
  const given = json !== null && typeof json === 'object' && 'faults' in json ? json.faults : undefined;
  if (!Array.isArray(given))
    throw new ControlRefusal('The body must be {"faults": [...]}. GET /__sandbox/ shows an example.');
  const read = readFaults([...beside, ...(given as unknown[])]);
  if (read.ok) return read.faults.slice(beside.length);
  const problems = read.problems.map(({ path: [index, ...field], message }) =>
    [`fault ${Number(index) - beside.length + 1}`, field.join('.'), message].filter((part) => part !== '').join(': '),
  );
  throw new ControlRefusal(`These are no faults: ${problems.join('; ')}. Nothing was changed.`);
}
