import { expect, it } from 'vitest';
import { type Cause, describeCause, describeEdge } from '../../src/flags/cause.ts';

it.each<[Cause, string]>([
  [{ kind: 'hook', hook: 'start' }, 'hook start'],
  [{ kind: 'endpoint', endpoint: 'db', hook: 'db-relation-joined' }, 'endpoint db in db-relation-joined'],
  [{ kind: 'handler', handler: 'web.start' }, 'handler web.start'],
  [{ kind: 'unknown' }, 'an unknown cause'],
])('says %j as "%s"', (cause, text) => {
  expect(describeCause(cause)).toBe(text);
});

it('follows triggers back to what began it all', () => {
  const cause: Cause = {
    kind: 'trigger',
    change: { flag: 'b', to: 'clear' },
    because: {
      kind: 'trigger',
      change: { flag: 'a', to: 'set' },
      because: { kind: 'handler', handler: 'web.start' },
    },
  };
  expect(describeCause(cause)).toBe('trigger on -b, by trigger on +a, by handler web.start');
});

it('marks an edge with + for set and - for cleared', () => {
  expect(describeEdge({ flag: 'a.b', to: 'set' })).toBe('+a.b');
  expect(describeEdge({ flag: 'a.b', to: 'clear' })).toBe('-a.b');
});
