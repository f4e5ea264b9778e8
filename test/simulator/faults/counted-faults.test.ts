import { expect, it } from 'vitest';
import type { HookInfo } from '../../../src/simulator/agent/hook-info.ts';
import { CountedFaults } from '../../../src/simulator/faults/counted-faults.ts';
import { DryModel } from '../dry-model.ts';

it('each start of a hook is counted by its unit and name, and actions are spared', () => {
  const dry = new DryModel();
  dry.deploy('web', { units: 2 });
  const asked: string[] = [];
  const fault = { kind: 'run-again', unit: 'web/0', hook: 'start', time: 2 } as const;
  const faults = new CountedFaults(({ unit, hook, time }) => {
    asked.push(`${unit} ${hook} ${time}`);
    return time === 2 ? fault : undefined;
  });
  const start: HookInfo = { kind: 'start', name: 'start' };
  const action: HookInfo = { kind: 'action', name: 'start', task: '2' };
  const taken = [
    faults.take(dry.unit('web/0'), start),
    faults.take(dry.unit('web/1'), start),
    faults.take(dry.unit('web/0'), action),
    faults.take(dry.unit('web/0'), { kind: 'install', name: 'install' }),
    faults.take(dry.unit('web/0'), start),
  ];
  expect(asked).toEqual(['web/0 start 1', 'web/1 start 1', 'web/0 install 1', 'web/0 start 2']);
  expect(taken).toEqual([undefined, undefined, undefined, undefined, fault]);
});
