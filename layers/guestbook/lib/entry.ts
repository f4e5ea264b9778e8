/** What somebody wrote into the guestbook. */
export interface Entry {
  readonly name: string;
  readonly message: string;
  /** When: UTC, ISO 8601. */
  readonly at: string;
}

/** What a visitor sent is no entry; the message says what is wrong with it. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
}

const MAX_LENGTHS = { name: 80, message: 2000 };

/** Makes an entry of what a visitor sent. @throws EntryError when it is none. */
export function makeEntry(sent: unknown, at: Date = new Date()): Entry {
  return { name: readText(sent, 'name'), message: readText(sent, 'message'), at: at.toISOString() };
}

/** An entry as it was stored; undefined for anything else: others may write into the same redis. */
export function parseEntry(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return makeEntry(value, new Date(String(Object(value).at)));
  } catch {
    return undefined;
  }
}

function readText(sent: unknown, field: keyof typeof MAX_LENGTHS): string {
  const value: unknown = Object(sent)[field];
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > MAX_LENGTHS[field]) {
    throw new EntryError(
      `cannot add the entry: "${field}" must be a text of 1 to ${MAX_LENGTHS[field]} characters`,
    );
  }
  return text;
}
