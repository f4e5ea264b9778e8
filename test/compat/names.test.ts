import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as compat from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import { DepartedUnits } from '../../src/compat/departed-units.ts';
import { RelatedUnit, Relation, UnitList } from '../../src/compat/relation.ts';

const names = readFileSync(fileURLToPath(new URL('python-names.txt', import.meta.url)), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** Classes whose objects the framework hands out, and that have no name of their own in the package. */
const HANDED_OUT: Readonly<Record<string, unknown>> = {
  Relation,
  RelatedUnit,
  KeyList: UnitList,
  CachedKeyList: DepartedUnits,
  CombinedUnitsView: UnitList,
};

/** What has another form here; the porting guide says which. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'Endpoint.joined': 'is_joined: most interfaces have a handler of this name',
  'Conversation.load': 'the framework makes conversations',
  'Conversation.serialize': 'the framework keeps conversations',
  'Conversation.deserialize': 'the framework keeps conversations',
  'CachedKeyList.load': 'the framework keeps the list',
  'CachedKeyList.append': 'the framework keeps the list',
  'CachedKeyList.extend': 'the framework keeps the list',
  'UnitDataView.modified': 'only what differs is published',
  'UnitDataView.writeable': 'writing to what is not ours throws',
  'UnitDataView.get': 'an object: data[key] ?? fallback',
  'UnitDataView.setdefault': 'an object: data[key] ??= value',
  'JSONUnitDataView.raw_data': 'received_raw and to_publish_raw',
  'JSONUnitDataView.modified': 'only what differs is published',
  'JSONUnitDataView.writeable': 'writing to what is not ours throws',
  'JSONUnitDataView.get': 'an object: data[key] ?? fallback',
  'JSONUnitDataView.setdefault': 'an object: data[key] ??= value',
};

/** Declared by the kernel's classes as fields, which no prototype has. */
const FIELDS = new Set(['RelatedUnit.relation']);

function isThere(name: string): boolean {
  const [owner = '', member] = name.split('.');
  if (member === undefined) return Reflect.get(compat, owner) !== undefined;
  const value: unknown = HANDED_OUT[owner] ?? Reflect.get(compat, owner);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  if (member in value || FIELDS.has(name)) return true;
  return typeof value === 'function' && member in (value.prototype as object);
}

test('no public name of the Python package is missing', () => {
  expect(names.length).toBeGreaterThan(180);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !isThere(name) && !(name in ELSEWHERE))).toEqual([]);
});

test('what is said to have another form is not there all the same', () => {
  expect(Object.keys(ELSEWHERE).filter((name) => isThere(name) || !names.includes(name))).toEqual([]);
});

test('the porting guide says what has become of every name that has another form', () => {
  const guide = readFileSync(
    fileURLToPath(new URL('../../docs/porting-from-python.md', import.meta.url)),
    'utf8',
  );
  const forms = ['is_joined', '?? ', '??= ', '_raw', 'Conversation.join'];
  expect(forms.filter((form) => !guide.includes(form))).toEqual([]);
});

test('the old names of flags are the new functions', () => {
  expect(compat.set_state).toBe(compat.set_flag);
  expect(compat.remove_state).toBe(compat.clear_flag);
  expect(compat.toggle_state).toBe(compat.toggle_flag);
  expect(compat.is_state).toBe(compat.is_flag_set);
  expect(compat.all_states).toBe(compat.all_flags_set);
  expect(compat.any_states).toBe(compat.any_flags_set);
  expect(compat.relation_from_flag).toBe(compat.endpoint_from_flag);
  expect(compat.relation_from_state).toBe(compat.endpoint_from_flag);
  expect(compat.relation_from_name).toBe(compat.endpoint_from_name);
  expect(compat.bus.set_state).toBe(compat.set_flag);
  expect(compat.bus.get_states).toBe(compat.get_states);
  expect(compat.helpers.toggle_state).toBe(compat.toggle_flag);
  expect(compat.flags.set_state).toBe(compat.set_flag);
});
