import { type Command, Option } from 'commander';
import {
  describeNoActions,
  formatActions,
  reportActionSchemas,
  reportActions,
} from '../../simulator/report/action-list.ts';
import {
  formatOperations,
  listOperations,
  NO_OPERATIONS,
  reportOperation,
} from '../../simulator/report/operation-report.ts';
import { formatTask, type RunFormat } from '../../simulator/report/run-text.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { findApplication, findTask } from './known-parts.ts';
import { addChangingCommand, addModelCommand, askModel, changeModel } from './model-command.ts';
import { collectList, readCount } from './option-values.ts';
import { forEachName, print, say } from './output.ts';

/** Adds the commands that tell which actions there are, and what came of those that were asked for. */
export function addActionCommands(sim: Command): void {
  addModelCommand(sim, 'actions', 'the actions that a charm has')
    .alias('list-actions')
    .argument('<application>')
    .option('--schema', 'with what each takes')
    .addOption(formatOption('default', 'tabular', 'yaml', 'json'))
    .action((application: string, flags: ActionsFlags, command: Command) =>
      askModel(command, async (model) => showActions(await model.snapshot(), application, flags)),
    );
  addModelCommand(sim, 'operations', 'what was run, and how it went')
    .alias('list-operations')
    .option('--applications <names>', 'on these', collectList)
    .option('--units <names>', 'on these', collectList)
    .option('--actions <names>', 'only these', collectList)
    .option('--status <statuses>', 'pending, running, completed, failed, …', collectList)
    .option('--limit <count>', 'at most so many', readCount)
    .option('--offset <count>', 'without the first of them', readCount)
    .option('--utc', 'times in UTC')
    .addOption(formatOption('plain', 'yaml', 'json'))
    .action((flags: OperationsFlags, command: Command) =>
      askModel(command, async (model) => showOperations(await model.snapshot(), flags)),
    );
  addModelCommand(sim, 'show-operation', 'what came of an operation')
    .argument('<operation>')
    .option('--utc', 'times in UTC')
    .option('--wait <time>', 'accepted')
    .addOption(formatOption('yaml', 'json'))
    .action((id: string, flags: { readonly utc?: boolean; readonly format: DataFormat }, command: Command) =>
      askModel(command, async (model) => {
        const state = await model.snapshot();
        print(formatData({ [id]: reportOperation(state, id, flags) }, flags.format));
      }),
    );
  addModelCommand(sim, 'show-task', 'what came of a task')
    .argument('<task>')
    .option('--utc', 'times in UTC')
    .option('--wait <time>', 'accepted')
    .addOption(new Option('--format <format>', 'how to print it').choices(['plain', 'yaml', 'json']))
    .action((id: string, flags: { readonly utc?: boolean; readonly format?: RunFormat }, command: Command) =>
      askModel(command, async (model) => print(formatTask(findTask(await model.snapshot(), id), flags))),
    );
  addChangingCommand(sim, 'cancel-task', 'take back tasks that have not begun')
    .argument('<task...>')
    .action((ids: readonly string[], _flags: unknown, command: Command) =>
      changeModel(command, (model) => forEachName(ids, (id) => model.cancelTask(id))),
    );
}

interface ActionsFlags {
  readonly schema?: boolean;
  readonly format: 'default' | 'tabular' | DataFormat;
}

function showActions(state: ModelState, name: string, { schema = false, format }: ActionsFlags): void {
  const application = findApplication(state, name);
  if (Object.keys(application.charm.actions).length === 0) {
    say(describeNoActions(application));
  } else if (format === 'yaml' || format === 'json' || schema) {
    const report = schema ? reportActionSchemas(application) : reportActions(application);
    print(formatData(report, format === 'json' ? 'json' : 'yaml'));
  } else {
    print(formatActions(application));
  }
}

interface OperationsFlags {
  readonly applications?: readonly string[];
  readonly units?: readonly string[];
  readonly actions?: readonly string[];
  readonly status?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly utc?: boolean;
  readonly format: 'plain' | DataFormat;
}

function showOperations(state: ModelState, flags: OperationsFlags): void {
  const ids = listOperations(state, flags);
  if (ids.length === 0) {
    say(NO_OPERATIONS);
  } else if (flags.format === 'plain') {
    print(formatOperations(state, ids, flags));
  } else {
    const reports = ids.map((id) => [id, reportOperation(state, id, flags)]);
    print(formatData(Object.fromEntries(reports), flags.format));
  }
}
