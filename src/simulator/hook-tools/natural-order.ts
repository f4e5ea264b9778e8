/** Compares texts as people and Juju's tables do: runs of digits by their number, all else by code point. */
export function compareNaturally(a: string, b: string): number {
  const [as, bs] = [split(a), split(b)];
  for (const [index, left] of as.entries()) {
    const right = bs[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    const byNumber = /^\d/.test(left) && /^\d/.test(right) ? Number(left) - Number(right) : 0;
    return byNumber === 0 ? (left < right ? -1 : 1) : byNumber;
  }
  return as.length - bs.length;
}

function split(text: string): string[] {
  return text.match(/\d+|\D/g) ?? [];
}
