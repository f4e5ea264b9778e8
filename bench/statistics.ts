/** The middle one of some numbers, which a few that are far off do not move. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of how many times each measurement is that of something else made in the same turn. */
export function medianRatio(numbers: readonly number[], others: readonly number[]): number {
  return medianOf(numbers.map((number, turn) => number / (others[turn] ?? Number.NaN)));
}

/** The mean of ratios: that of twice and half is one. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/**
 * Lets candidates take turns, so that what else the machine does falls on all of them; what each gave, turn by turn. The first
 * turn, which brings programs into memory, is left out.
 */
export function takeTurns<Name extends string, Result>(
  rounds: number,
  candidates: Readonly<Record<Name, () => Result>>,
): Record<Name, Result[]> {
  const names = Object.keys(candidates) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Result[]>;
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const result = candidates[name]();
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}
