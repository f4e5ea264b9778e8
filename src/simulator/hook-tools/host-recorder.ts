import type { HookContext } from '../agent/hook-context.ts';
import { HostServices } from './host-services.ts';
import { HOST_TOOLS, isHostQuestion, readsHostStdin } from './host-tools.ts';
import type { WireAnswer } from './tool-wire.ts';

/** What stands before the name of a program of the host where its stand-in calls the server. */
export const HOST_MARK = 'host:';

/** A call of a program that would change the host. */
export interface HostCall {
  /** Without the mark. */
  readonly name: string;
  readonly args: readonly string[];
  /** Whether its standard input has been read. */
  readonly hasStdin: boolean;
}

/**
 * Answers for programs that would change the host: what they were to do goes to the hook's `hostCalls`, and succeeds
 * without a word. What only asks is left to the host's own program, and what it asks of services is answered from what the
 * unit's hooks did to them.
 */
export class HostRecorder {
  readonly #services = new Map<string, HostServices>();

  answer(context: HookContext, call: HostCall): WireAnswer {
    const { name, args, hasStdin } = call;
    const tool = HOST_TOOLS.get(name);
    if (tool === undefined) {
      return { exitCode: 1, stdout: '', stderr: `ERROR bad request: unknown command: ${name}\n` };
    }
    const services = this.#servicesOf(context.unit.name);
    const said = services.ask(name, args);
    if (said !== undefined) return said;
    if (isHostQuestion(tool, args)) return 'exec';
    if (!hasStdin && readsHostStdin(tool, args)) return 'stdin';
    services.note(name, args);
    context.hostCalls.push([name, ...args]);
    context.onHostCall([name, ...args]);
    return { exitCode: 0, stdout: '', stderr: '' };
  }

  #servicesOf(unit: string): HostServices {
    const services = this.#services.get(unit) ?? new HostServices();
    this.#services.set(unit, services);
    return services;
  }
}
