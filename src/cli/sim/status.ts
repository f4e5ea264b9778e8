import { type Command, Option } from 'commander';
import { reportApplicationDetails } from '../../simulator/report/application-details.ts';
import { reportMachines } from '../../simulator/report/machine-report.ts';
import { formatMachineTable } from '../../simulator/report/machine-table.ts';
import {
  formatStatusLog,
  reportStatusLog,
  STATUS_LOG_TYPES,
  type StatusLogType,
} from '../../simulator/report/status-log.ts';
import { reportStatus } from '../../simulator/report/status-report.ts';
import { describeEmptyStatus, formatStatus, type StatusFormat } from '../../simulator/report/status-text.ts';
import { formatUnitDetails, reportUnitDetails } from '../../simulator/report/unit-details.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { addModelCommand, askModel } from './model-command.ts';
import { readCount, readDuration } from './option-values.ts';
import { print, say } from './output.ts';

/** Adds the commands that tell how a model, and what is in it, is doing. */
export function addStatusCommands(sim: Command): void {
  addStatusCommand(sim);
  addModelCommand(sim, 'show-unit', 'a unit with its relations and their data')
    .argument('<unit...>')
    .option('--app', "the applications' data alone")
    .option('--endpoint <name>', 'the relations of this endpoint alone')
    .option('--related-unit <name>', 'what this unit has said alone')
    .addOption(formatOption('yaml', 'json'))
    .action((names: readonly string[], flags: ShowUnitFlags, command: Command) =>
      askModel(command, async (model) =>
        print(formatUnitDetails(reportUnitDetails(await model.snapshot(), names, flags), flags.format)),
      ),
    );
  addModelCommand(sim, 'show-application', 'how an application is deployed')
    .argument('<application...>')
    .addOption(formatOption('yaml', 'json'))
    .action((names: readonly string[], flags: { readonly format: DataFormat }, command: Command) =>
      askModel(command, async (model) =>
        print(formatData(reportApplicationDetails(await model.snapshot(), names), flags.format)),
      ),
    );
  addModelCommand(sim, 'machines', 'the machines that units are on')
    .alias('list-machines')
    .option('--utc', 'times in UTC')
    .option('--color, --no-color', 'accepted')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((flags: { readonly utc?: boolean; readonly format: 'tabular' | DataFormat }, command: Command) =>
      askModel(command, async (model) => {
        const report = reportMachines(await model.snapshot(), flags);
        print(
          flags.format === 'tabular' ? formatMachineTable(report.machines) : formatData(report, flags.format),
        );
      }),
    );
  addStatusLogCommand(sim);
}

interface ShowUnitFlags {
  readonly app?: boolean;
  readonly endpoint?: string;
  readonly relatedUnit?: string;
  readonly format: DataFormat;
}

interface StatusFlags {
  readonly format: StatusFormat;
  readonly relations?: boolean;
  readonly integrations?: boolean;
  readonly storage?: boolean;
  readonly utc?: boolean;
  readonly watch?: number;
}

function addStatusCommand(sim: Command): void {
  addModelCommand(sim, 'status', 'applications, units and machines, and how they are')
    .argument('[pattern...]', 'what to show: names, with * for any, or a status')
    .option('--relations', 'with relations')
    .addOption(new Option('--integrations', 'with relations').hideHelp())
    .option('--storage', 'with storage')
    .option('--utc', 'times in UTC')
    .option('--watch <time>', 'again and again, so far apart: 2s', readDuration)
    .option('--color', 'accepted')
    .option('--no-color', 'accepted')
    .addOption(formatOption('tabular', 'yaml', 'json', 'line', 'short', 'oneline', 'summary'))
    .action(async (patterns: readonly string[], flags: StatusFlags, command: Command) => {
      const show = () =>
        askModel(command, async (model) => showStatus(await model.snapshot(), patterns, flags));
      if (flags.watch === undefined) return show();
      for (;;) {
        // The model is let go of between two looks, so that others can work with it.
        if (process.stdout.isTTY) print('\u001b[H\u001b[2J');
        await show();
        await new Promise((wake) => setTimeout(wake, flags.watch));
      }
    });
}

function showStatus(state: ModelState, patterns: readonly string[], flags: StatusFlags): void {
  const { format, storage = false, utc = false } = flags;
  const relations = (flags.relations ?? false) || (flags.integrations ?? false);
  print(endLine(formatStatus(state, { format, patterns, relations, storage, utc })));
  if (format !== 'tabular') return;
  const nothing = describeEmptyStatus(reportStatus(state, { patterns, utc }), patterns);
  if (nothing !== undefined) say(nothing);
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

interface StatusLogFlags {
  readonly type: StatusLogType;
  readonly n?: number;
  readonly days?: number;
  readonly fromDate?: string;
  readonly utc?: boolean;
  readonly format: 'tabular' | DataFormat;
}

function addStatusLogCommand(sim: Command): void {
  addModelCommand(sim, 'show-status-log', 'the statuses that something has had')
    .argument('<name>', 'a unit, an application or a machine')
    .addOption(new Option('--type <type>', 'whose statuses').choices([...STATUS_LOG_TYPES]).default('unit'))
    .option('-n <count>', 'how many, the last ones; 20 if not given', readCount)
    .option('--days <count>', 'of so many days', readCount)
    .option('--from-date <date>', 'since a day: 2026-01-31')
    .option('--include-status-updates', 'accepted')
    .option('--utc', 'times in UTC')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((name: string, flags: StatusLogFlags, command: Command) =>
      askModel(command, async (model) => {
        const from = startOf(flags);
        const entries = reportStatusLog(await model.snapshot(), {
          name,
          type: flags.type,
          ...(flags.n === undefined ? {} : { size: flags.n }),
          ...(from === undefined ? {} : { from }),
        });
        print(
          flags.format === 'tabular' ? formatStatusLog(entries, flags) : formatData(entries, flags.format),
        );
      }),
    );
}

function startOf({ days, fromDate }: StatusLogFlags): Date | undefined {
  if (days !== undefined) return new Date(Date.now() - days * 86_400_000);
  return fromDate === undefined ? undefined : new Date(fromDate);
}
