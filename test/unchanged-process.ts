import { afterAll, expect, vi } from 'vitest';
import {
  forgetRegistered,
  listRegisteredHandlers,
  listRegisteredTriggers,
} from '../src/charm/running-unit.ts';
import { neverWaitForDisk } from './quick-disk.ts';

neverWaitForDisk();

const environment = { ...process.env };
const before = seeProcess();

// What is registered first runs last: a file's own hooks have put everything back by then.
afterAll(() => {
  const after = seeProcess();
  forgetRegistered();
  expect(after, 'this file changed its process and did not put it back').toEqual(before);
});

/** What files of tests that share a worker would hand on to each other. Variables are told by name alone. */
function seeProcess() {
  const names = Object.keys({ ...environment, ...process.env });
  return {
    changedVariables: names.filter((name) => process.env[name] !== environment[name]),
    folder: process.cwd(),
    umask: process.umask(),
    hasClock: !vi.isFakeTimers(),
    registered: [...listRegisteredHandlers(), ...listRegisteredTriggers()].length,
  };
}
