import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  formatClock,
  formatStatusTime,
  formatTableTime,
  formatTaskTime,
} from '../../../src/simulator/report/juju-time.ts';

const TIME = '2026-01-02T23:30:07.250Z';

afterEach(() => vi.restoreAllMocks());

/** Moves this machine east by some minutes. */
function moveEast(minutes: number): void {
  vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(-minutes);
}

describe('the times of juju', () => {
  it('are local where nothing is said', () => {
    moveEast(90);
    expect(formatStatusTime(TIME)).toBe('03 Jan 2026 01:00:07+01:30');
    expect(formatClock(new Date(TIME))).toBe('01:00:07+01:30');
    expect(formatTaskTime(TIME)).toMatch(/^2026-01-03 01:00:07 \+0130 \S+/);
    expect(formatTableTime(TIME)).toBe('2026-01-03T01:00:07');
  });

  it('tell of west, and of Greenwich', () => {
    moveEast(-210);
    expect(formatStatusTime(TIME)).toBe('02 Jan 2026 20:00:07-03:30');
    moveEast(0);
    expect(formatStatusTime(TIME)).toBe('02 Jan 2026 23:30:07Z');
    expect(formatClock(TIME)).toBe('23:30:07Z');
  });

  it('are the same everywhere in UTC', () => {
    moveEast(90);
    expect(formatStatusTime(TIME, true)).toBe('2026-01-02 23:30:07Z');
    expect(formatClock(TIME, true)).toBe('23:30:07');
    expect(formatTaskTime(TIME, true)).toBe('2026-01-02 23:30:07 +0000 UTC');
    expect(formatTableTime(TIME, true)).toBe('2026-01-02T23:30:07');
  });
});
