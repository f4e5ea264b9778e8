import type { Command } from 'commander';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { CommandFailure, misuse } from './command-failure.ts';
import { addChangingCommand, changeModel } from './model-command.ts';

/** Adds the commands that relate applications. */
export function addRelationCommands(sim: Command): void {
  addChangingCommand(sim, 'integrate', 'relate two applications')
    .alias('relate')
    .argument('<application[:endpoint]>')
    .argument('<application[:endpoint]>')
    .action((first: string, second: string, _flags: unknown, command: Command) =>
      changeModel(command, (model) => model.integrate(first, second)),
    );
  addChangingCommand(sim, 'remove-relation', 'take a relation away: units see it broken')
    .argument('<application[:endpoint] | relation-id>')
    .argument('[application[:endpoint]]')
    .option('--force', 'accepted: no hook that has failed keeps a relation from going')
    .action((first: string, second: string | undefined, _flags: unknown, command: Command) =>
      changeModel(command, async (model) => {
        const [one, other] = second === undefined ? endsOf(await model.snapshot(), first) : [first, second];
        await model.removeRelation(one, other);
      }),
    );
}

/** Both ends of the relation with a number, as `application:endpoint`. */
function endsOf(state: ModelState, id: string): readonly [string, string] {
  if (!/^\d+$/.test(id)) {
    throw misuse('a relation must involve two applications, or be named by its number');
  }
  const [one, other] = state.relations[id]?.endpoints.map((end) => `${end.application}:${end.name}`) ?? [];
  if (one === undefined) throw new CommandFailure(`relation ${id} not found`);
  if (other === undefined)
    throw new CommandFailure('cannot remove a peer relation: it goes with its application');
  return [one, other];
}
