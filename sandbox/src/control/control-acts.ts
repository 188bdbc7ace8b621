import type { Fault, FaultReading } from '../faults/fault.ts';
import type { NewPerson, Principal } from '../identity/principals.ts';
import type { Clock } from '../time/clock.ts';
import type { Workspace } from '../workspace.ts';

/**
 * What can be done to a sandbox from outside of the workspace: by its own routes, and by the program that started it.
 * Whoever is named and not there, and a fault that is none, is answered with a RangeError, and nothing is changed
 * then.
 */
export class ControlActs {
  readonly #workspace: Workspace;
  readonly #clock: Clock;

  constructor(workspace: Workspace, clock: Clock) {
    this.#workspace = workspace;
    this.#clock = clock;
  }

  /** One that exists already stays as they are. */
  addUser(person: NewPerson): void {
    this.#act(({ principals }) => void principals.addUser(person));
  }

  /** Adds a group, or members to one that is there. */
  addGroup(name: string, memberNames: readonly string[], entitlements: readonly string[]): void {
    this.#act(({ principals }) => {
      const members = memberNames.map((userName) => this.#known(userName));
      principals.addGroup(name, entitlements);
      for (const member of members) principals.join(member, name);
    });
  }

  /** Answers an OAuth secret of the new service principal. */
  addServicePrincipal(
    displayName: string,
    groups: readonly string[],
  ): { readonly clientId: string; readonly clientSecret: string } {
    return this.#act(({ principals, clientSecrets }, at) => {
      const principal = principals.addServicePrincipal({ displayName, groups });
      return { clientId: principal.userName, clientSecret: clientSecrets.create(principal, at).value };
    });
  }

  /** Answers a new token, which never expires. */
  mintToken(userName: string): string {
    return this.#act(({ tokens }, at) => tokens.mint(this.#known(userName), at).value);
  }

  addFaults(faults: readonly Fault[]): void {
    this.#act((workspace) => mustBeFaults(workspace.faults.add(...faults)));
  }

  replaceFaults(faults: readonly Fault[]): void {
    this.#act((workspace) => mustBeFaults(workspace.faults.replace(faults)));
  }

  /** @param aheadMs of the machine's clock. */
  setClock(aheadMs: number): void {
    this.#act(() => this.#clock.setAhead(aheadMs));
  }

  #act<T>(act: (workspace: Workspace, at: number) => T): T {
    const workspace = this.#workspace;
    const at = workspace.advance();
    workspace.mustKeep();
    const result = act(workspace, at);
    workspace.history.lookAtPeople(at);
    workspace.changed();
    return result;
  }

  #known(userName: string): Principal {
    const principal = this.#workspace.principals.find(userName);
    if (!principal)
      throw new RangeError(`There is no user ${userName} in the sandbox: add them with POST /__sandbox/users`);
    return principal;
  }
}

function mustBeFaults(read: FaultReading): void {
  if (!read.ok)
    throw new RangeError(read.problems.map(({ path, message }) => `fault ${path.join('.')}: ${message}`).join('; '));
}
