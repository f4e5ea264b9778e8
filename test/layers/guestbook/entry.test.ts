import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError, makeEntry, parseEntry } from '../../../layers/guestbook/lib/entry.ts';
import { renderPage } from '../../../layers/guestbook/lib/page.ts';

const AT = '2026-03-04T05:06:07.000Z';

test('an entry is a name and a message, without the space around them, and the time', () => {
  expect(makeEntry({ name: ' Ada ', message: 'Hi\n', extra: 1 }, new Date(AT))).toEqual({
    name: 'Ada',
    message: 'Hi',
    at: AT,
  });
});

test.each<[string, unknown, string]>([
  ['no name', { message: 'm' }, 'name'],
  ['a blank name', { name: '  ', message: 'm' }, 'name'],
  ['a number as name', { name: 7, message: 'm' }, 'name'],
  ['a name of 81 characters', { name: 'n'.repeat(81), message: 'm' }, 'name'],
  ['no message', { name: 'n' }, 'message'],
  ['a list as message', { name: 'n', message: ['m'] }, 'message'],
  ['a message of 2001 characters', { name: 'n', message: 'm'.repeat(2001) }, 'message'],
  ['null', null, 'name'],
  ['a text', 'name', 'name'],
  ['a list', [], 'name'],
])('%s makes no entry, and the error says which field', (_, sent, field) => {
  expect(() => makeEntry(sent)).toThrow(EntryError);
  expect(() => makeEntry(sent)).toThrow(`cannot add the entry: "${field}" must be a text of 1 to`);
});

test('an entry is read back as it was stored, and anything else is no entry', () => {
  const entry = makeEntry({ name: 'Ada', message: 'Hi' });
  expect(parseEntry(JSON.stringify(entry))).toEqual(entry);
  for (const text of [
    '',
    'text',
    'null',
    '{}',
    '{"name":"n","message":"m"}',
    '{"name":"n","message":"m","at":"x"}',
  ]) {
    expect(parseEntry(text)).toBeUndefined();
  }
});

test('reading what somebody else stored never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseEntry(text)));
});

test('the page shows what visitors wrote as the text it is', () => {
  const evil = `<script>alert("1")</script>&'`;
  const page = renderPage({ title: evil, entries: [{ name: evil, message: evil, at: AT }] });
  expect(page).not.toContain('<script');
  expect(page).not.toContain('"1"');
  expect(page.split('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;')).toHaveLength(5);
});
