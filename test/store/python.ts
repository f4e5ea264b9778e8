import { execFileSync } from 'node:child_process';

/** Runs a Python 3 program; `input` reaches it as JSON on standard input, and what it prints comes back, parsed. */
export function runPython(program: string, input: unknown = null): unknown {
  const output = execFileSync('python3', ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    // The system's python3 before one that a version manager wraps, which takes several times as long to start.
    env: { ...process.env, PATH: `/usr/bin:/bin:${process.env.PATH}`, PYTHONIOENCODING: 'utf-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output);
}

/** A value in a form that loses nothing on the way to Python, and that none of our own code writes. */
export type Wire =
  | { readonly kind: 'text'; readonly units: readonly number[] }
  | { readonly kind: 'int'; readonly digits: string }
  | { readonly kind: 'float'; readonly bits: string }
  | { readonly kind: 'plain'; readonly value: boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Wire[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Wire, Wire])[] };

/** Turns a JavaScript value into its wire form: whole numbers are ints, as the store writes them, others are floats. */
export function toWire(value: unknown): Wire {
  if (typeof value === 'string')
    return {
      kind: 'text',
      units: Array.from({ length: value.length }, (_, index) => value.charCodeAt(index)),
    };
  if (typeof value === 'bigint') return { kind: 'int', digits: String(value) };
  if (typeof value === 'number') return numberToWire(value);
  if (typeof value === 'boolean' || value === null) return { kind: 'plain', value };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(toWire) };
  const entries = Object.entries(Object(value));
  return { kind: 'map', entries: entries.map(([key, item]) => [toWire(key), toWire(item)] as const) };
}

function numberToWire(value: number): Wire {
  if (Number.isInteger(value)) return { kind: 'int', digits: String(BigInt(value)) };
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return { kind: 'float', bits: bytes.toString('hex') };
}

/** Python for the other end of `toWire`: `unwire(value)`. */
export const UNWIRE = `
import json, struct, sys

def text(units):
    raw = b''.join(struct.pack('<H', unit) for unit in units)
    return raw.decode('utf-16-le', 'surrogatepass')

def unwire(value):
    kind = value['kind']
    if kind == 'text': return text(value['units'])
    if kind == 'int': return int(value['digits'])
    if kind == 'float': return struct.unpack('>d', bytes.fromhex(value['bits']))[0]
    if kind == 'plain': return value['value']
    if kind == 'list': return [unwire(item) for item in value['items']]
    return {unwire(key): unwire(item) for key, item in value['entries']}
`;
