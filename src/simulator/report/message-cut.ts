const LONGEST_MESSAGE = 120;

/** A text no longer than Juju shows it: its end becomes `...`. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/** A status message as it fits into a table. */
export function cutMessage(message: string): string {
  return cutText(message, LONGEST_MESSAGE);
}
