import { PARSE_BOOL } from './field.ts';

/** The types that Juju knows for a config option. */
export type ConfigType = 'string' | 'int' | 'float' | 'boolean' | 'secret';

/** A value out of YAML or JSON as one of the option's type; undefined where it does not fit. The rules are Juju's. */
export function readConfigValue(type: ConfigType, value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return readWrittenValue(type, value, 'by prefix');
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (type === 'int') return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
  if (type === 'float') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return undefined;
}

/**
 * A text as a value of the option's type; undefined where it does not fit. The rules are Juju's, with one bound less:
 * a number too large to be exact in JavaScript is refused too.
 *
 * `base` is 10 for what was typed; a quoted default in config.yaml may also be written `0x1F`, `0o17`, `017` or `0b11`.
 */
export function readWrittenValue(
  type: ConfigType,
  text: string,
  base: 10 | 'by prefix',
): string | number | boolean | undefined {
  if (type === 'string') return text;
  if (type === 'secret') return text === '' || /^secret:./.test(text) ? text : undefined;
  if (type === 'boolean') return PARSE_BOOL.get(text);
  const number = type === 'float' ? readFloat(text) : readInteger(text, base);
  return type === 'float' || Number.isSafeInteger(number) ? number : undefined;
}

function readFloat(text: string): number | undefined {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function readInteger(text: string, base: 10 | 'by prefix'): number | undefined {
  const match = /^([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.exec(text);
  const digits = match?.[2];
  if (digits === undefined || (base === 10 && /\D/.test(digits))) return undefined;
  // A leading zero alone means octal to Go, where JavaScript reads decimal.
  const isOctal = base !== 10 && /^0\d/.test(digits);
  if (isOctal && !/^[0-7]+$/.test(digits)) return undefined;
  const number = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  return match?.[1] === '-' && number !== 0 ? -number : number;
}
