import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import type { HookInfo } from '../../../src/simulator/agent/hook-info.ts';
import { addRelation } from '../../../src/simulator/operator/integration.ts';
import { DryModel } from '../dry-model.ts';
import { answer } from '../tool-caller.ts';

const UPDATE_STATUS: HookInfo = { kind: 'update-status', name: 'update-status' };

/** mysql and wp, two units each, in relation 1; mysql/0 and wp/0 lead. cache is related to nobody. */
export class SecretModel extends DryModel {
  constructor() {
    super();
    this.deploy('mysql', {
      metadata: 'provides:\n  server: mysql\npeers:\n  cluster: mysql-cluster\n',
      units: 2,
    });
    this.deploy('wp', { metadata: 'requires:\n  db: mysql\n', units: 2 });
    this.deploy('cache', {});
    addRelation(this.state, 'wp', 'mysql');
    this.settle();
  }

  /** A hook of a unit that is about no relation. */
  outside(unit: string): HookContext {
    return this.context(unit, UPDATE_STATUS);
  }

  /** A hook in mysql's relation with wp. */
  inRelation(unit: string): HookContext {
    const relation = { id: 1, endpoint: 'server', remoteApplication: 'wp', remoteUnit: 'wp/0', version: 0 };
    return this.context(unit, { kind: 'relation-changed', name: 'server-relation-changed', relation });
  }

  /** Runs tools in one hook of a unit, which succeeds; answers what the last one printed. */
  run(unit: string, ...commands: readonly (readonly string[])[]): string {
    const context = this.outside(unit);
    const printed = commands.map((command) => answer(context, ...command));
    context.changes.commit();
    return printed.at(-1) ?? '';
  }

  /** Makes a secret with one revision, and answers its id. */
  add(unit: string, ...args: readonly string[]): string {
    return this.run(unit, ['secret-add', ...args, 'password=one'])
      .trim()
      .replace('secret:', '');
  }

  /** The hooks that a unit has run since, and what each was about. */
  secretHooks(unit: string): string[] {
    const hooks = this.settleUnit(unit);
    return hooks.map((hook) => hook.slice(unit.length + 1));
  }
}
