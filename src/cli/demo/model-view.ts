import type { Model } from '../../simulator/model.ts';
import { readFlags } from '../sim/unit-flags.ts';

/** The databags of every relation, both sides', in lines. Secrets are shortened. */
export function describeDatabags(model: Model): string[] {
  return model
    .relations()
    .flatMap((relation) => [
      `  relation ${relation.id}: ${relation.endpoints.join(' - ')} (${relation.interface})`,
      ...Object.entries(relation.applications).flatMap(([name, bag]) =>
        describeBag(`application ${name}`, bag),
      ),
      ...relation.inScope.flatMap((name) => describeBag(name, relation.units[name] ?? {})),
    ]);
}

/** The flags of every unit, as stored after its last hook, in lines. */
export function describeFlags(model: Model): string[] {
  return model.units().flatMap((unit) => {
    const flags = readFlags(model.unitFolder(unit)) ?? [];
    return [`  ${unit}`, ...(flags.length > 0 ? flags : ['(none)']).map((flag) => `      ${flag}`)];
  });
}

function describeBag(owner: string, bag: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(bag).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  return [`      ${owner}`, ...entries.map(([key, value]) => `          ${key} = ${shorten(key, value)}`)];
}

function shorten(key: string, value: string): string {
  return key.includes('password') ? `${value.slice(0, 5)}…` : value;
}
