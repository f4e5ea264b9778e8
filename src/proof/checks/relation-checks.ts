import type { CharmCheck, CharmView } from '../charm-view.ts';
import { type Finding, fault, info } from '../finding.ts';
import { writeValue } from '../python-words.ts';
import type { YamlEntry, YamlValue } from '../yaml-value.ts';
import { checkHook } from './hook-checks.ts';

const FILE = 'metadata.yaml';

/** Whether units of the charm live beside those of another. */
export const checkSubordinate: CharmCheck = ({ metadata }) => {
  const subordinate = metadata.get('subordinate');
  if (subordinate === undefined || subordinate.kind === 'boolean') return [];
  const place = { file: FILE, line: subordinate.line, key: 'subordinate' };
  return [fault('subordinate', 'subordinate must be a boolean value', place)];
};

/** What the charm provides, requires and asks of its peers, in this order. */
export const checkRelations: CharmCheck = (charm) => {
  const isSubordinate = isTrue(charm.metadata.get('subordinate'));
  const provides = section(charm, 'provides');
  return [
    ...(provides === undefined
      ? isSubordinate
        ? []
        : [info('relations', 'all charms should provide at least one thing', { file: FILE })]
      : checkSection(charm, 'provides', isSubordinate)),
    ...(isSubordinate ? checkContainer(charm) : checkSection(charm, 'requires', isSubordinate)),
    ...checkSection(charm, 'peers', isSubordinate),
  ];
};

function section({ metadata }: CharmView, role: string): YamlValue | undefined {
  const value = metadata.get(role);
  return value?.kind === 'null' ? undefined : value;
}

function checkSection(charm: CharmView, role: string, isSubordinate: boolean): readonly Finding[] {
  const relations = section(charm, role);
  if (relations === undefined) return [];
  if (!relations.isMapping) {
    return [
      fault('relations', `${role}: must be a dictionary of relations`, {
        file: FILE,
        line: relations.line,
        key: role,
      }),
    ];
  }
  return relations.entries().flatMap((entry) => checkRelation({ charm, entry, role, isSubordinate }));
}

function checkRelation(relation: {
  readonly charm: CharmView;
  readonly entry: YamlEntry;
  readonly role: string;
  readonly isSubordinate: boolean;
}): readonly Finding[] {
  const { charm, entry, role, isSubordinate } = relation;
  const { key: name, value, line } = entry;
  const place = { file: FILE, line, key: `${role}.${name}` };
  const refuse = (text: string): Finding => fault('relations', text, place);
  const events = ['changed', 'departed', 'joined', 'broken'];
  const hooks = charm.hasDispatch ? [] : events.map((event) => `${name}-relation-${event}`);
  // As in the reference, the first that is there is looked at, and no other.
  const first = hooks.find((hook) => checkHook(charm, hook) !== undefined);
  return [
    ...(name.startsWith('juju-') ? [info('relations', 'juju-* is a reserved relation name', place)] : []),
    // A name alone, which stands for the interface, is Juju's short form; the reference's framework knows none.
    ...(value.isMapping
      ? checkFields(name, value, refuse)
      : charm.hasDispatch && value.text
        ? []
        : [refuse(`relation ${name} is not a map`)]),
    ...(name === 'relation-name'
      ? [refuse(`template relations should be renamed to fit charm: ${name}`)]
      : []),
    ...(first === undefined ? [] : (checkHook(charm, first) ?? [])),
    ...(first === undefined && hooks.length > 0 && !isSubordinate
      ? [info('hooks', `relation ${name} has no hooks`, place)]
      : []),
  ];
}

function checkFields(name: string, value: YamlValue, refuse: (text: string) => Finding): readonly Finding[] {
  const [scope, interfaceName] = [value.get('scope'), value.get('interface')];
  return [
    ...(scope === undefined || ['global', 'container'].includes(scope.text ?? '')
      ? []
      : [refuse(`Unknown scope found in relation ${name} - (${writeValue(scope)})`)]),
    ...(interfaceName?.text === 'interface-name'
      ? [refuse(`template interface names should be changed: ${interfaceName.text}`)]
      : []),
    ...(interfaceName === undefined ? [refuse('relation missing interface')] : []),
    ...value
      .entries()
      .filter(({ key }) => !['interface', 'scope', 'limit', 'optional'].includes(key))
      .map(({ key }) => refuse(`Unknown relation field in relation ${name} - (${key})`)),
  ];
}

/** What makes a subordinate one is the relation with its principal. */
function checkContainer(charm: CharmView): readonly Finding[] {
  const requires = section(charm, 'requires')?.entries() ?? [];
  if (requires.some(({ value }) => value.get('scope')?.text === 'container')) return [];
  const text = 'subordinates must have at least one scope: container relation';
  return [fault('subordinate', text, { file: FILE, key: '' })];
}

function isTrue(value: YamlValue | undefined): boolean {
  if (value?.kind === 'mapping') return value.entries().length > 0;
  if (value?.kind === 'list') return value.items().length > 0;
  return Boolean(value?.scalar);
}
