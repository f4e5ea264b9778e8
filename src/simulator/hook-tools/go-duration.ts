const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration as Go reads it (`24h`, `1h30m`, `-1.5s`), in milliseconds; undefined where the text is none. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  if (rest === '0') return 0;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|h|m|s)/g)];
  if (rest === '' || parts.map(([part]) => part).join('') !== rest) return undefined;
  const sum = parts.reduce(
    (total, [, count, unit = '']) => total + Number(count) * (MILLISECONDS[unit] ?? 0),
    0,
  );
  return sign === '-' ? -sum : sum;
}
