import type { CharmCheck } from '../charm-view.ts';
import { type BrokenRule, checkFields, type FieldRule } from '../field-rules.ts';
import { type Finding, fault, info } from '../finding.ts';
import type { YamlValue } from '../yaml-value.ts';

const FILE = 'metadata.yaml';

/** Sizes and counts are read as Juju reads them, which is more than the reference lets pass. */
const STORAGE: readonly FieldRule[] = [
  { name: 'type', type: 'string', isRequired: true, oneOf: ['filesystem', 'block'] },
  { name: 'description', type: 'string' },
  { name: 'shared', type: 'boolean' },
  { name: 'read-only', type: 'boolean' },
  {
    name: 'minimum-size',
    type: 'number-or-string',
    pattern: {
      matches: /^\d+(\.\d+)?([MGTPEZY](i?B)?)?$/,
      reason: 'must be a number followed by an optional M/G/T/P, e.g. 100M',
    },
  },
  { name: 'location', type: 'string' },
  {
    name: 'multiple',
    type: 'mapping',
    fields: [
      {
        name: 'range',
        type: 'number-or-string',
        isRequired: true,
        pattern: {
          matches: /^\d+(\+|-\d*)?$/,
          reason:
            'supported formats are: m (a fixed number), m-n (an explicit range), and m- (a minimum number)',
        },
      },
    ],
  },
  { name: 'properties', type: 'any' },
];

const DEVICES: readonly FieldRule[] = [
  { name: 'type', type: 'string', isRequired: true },
  { name: 'count', type: 'integer' },
  // Juju reads these too.
  { name: 'description', type: 'string' },
  { name: 'countmin', type: 'integer' },
  { name: 'countmax', type: 'integer' },
];

const PAYLOADS: readonly FieldRule[] = [
  { name: 'type', type: 'string', isRequired: true, oneOf: ['kvm', 'docker'] },
];

const RESOURCES: readonly FieldRule[] = [
  { name: 'type', type: 'string', isRequired: true, oneOf: ['file', 'oci-image'] },
  { name: 'filename', type: 'string' },
  { name: 'description', type: 'string' },
];

const DEPLOYMENT: readonly FieldRule[] = [
  { name: 'type', type: 'string', oneOf: ['stateless', 'stateful', 'daemon'] },
  { name: 'service', type: 'string', isRequired: true, oneOf: ['loadbalancer', 'cluster', 'omit'] },
  { name: 'min-version', type: 'string' },
];

/** Storage: what kinds there are, how many and how large. */
export const checkStorage = checkSection({
  section: 'storage',
  rules: STORAGE,
  what: 'storage: must be a dictionary of storage definitions',
});

/** Devices: what the workload needs of the hardware. */
export const checkDevices = checkSection({
  section: 'devices',
  rules: DEVICES,
  what: 'devices: must be a dictionary of device definitions',
  mayBeEmpty: true,
});

/** Payloads: what the charm registers. */
export const checkPayloads = checkSection({
  section: 'payloads',
  rules: PAYLOADS,
  what: 'payloads: must be a dictionary of payload definitions',
});

/** Resources: files and images that are uploaded beside the charm. */
export const checkResources = checkSection({
  section: 'resources',
  rules: RESOURCES,
  what: 'resources: must be a dictionary of resource definitions',
});

/** How Kubernetes deploys the charm. */
export const checkDeployment: CharmCheck = ({ metadata, extensions }) => {
  const deployment = metadata.get('deployment');
  if (deployment === undefined || isEmptyMapping(deployment)) return [];
  if (!deployment.isMapping)
    return [refuse('deployment', 'deployment: must be a dict of config', deployment)];
  // The reference says the word twice.
  return checkFields(deployment, DEPLOYMENT, extensions.get('deployment')).map((broken) =>
    tell('deployment', 'deployment', broken),
  );
};

/** A series is for a charmcraft.yaml to say. */
export const checkSeries: CharmCheck = ({ metadata }) => {
  const series = metadata.get('series');
  if (series === undefined) return [];
  const text = 'DEPRECATED: series parameter is ignored by charmcraft,use bases in charmcraft.yaml';
  return [info('series', text, { file: FILE, line: series.line, key: 'series' })];
};

/** The oldest Juju that will do. */
export const checkMinimumVersion: CharmCheck = ({ metadata }) => {
  const version = metadata.get('min-juju-version');
  if (version === undefined) return [];
  const match = /^(\d{1,9})\.(\d{1,9})(?:\.|-([a-z]+))(\d{1,9})/.exec(String(version.scalar));
  const key = 'min-juju-version';
  if (match === null) return [refuse(key, `${key}: invalid format, try X.Y.Z`, version)];
  if (Number(match[1]) >= 2) return [];
  return [refuse(key, `${key}: invalid version, must be 2.0.0 or greater`, version)];
};

/** Names for network bindings. */
export const checkExtraBindings: CharmCheck = ({ metadata }) => {
  const bindings = metadata.get('extra-bindings');
  if (bindings === undefined || bindings.isMapping) return [];
  return [refuse('extra-bindings', 'extra-bindings: must be a dictionary', bindings)];
};

/** What a user has to agree to. */
export const checkTerms: CharmCheck = ({ metadata }) => {
  const terms = metadata.get('terms');
  if (terms === undefined || terms.kind === 'list') return [];
  return [refuse('terms', 'terms: must be a list of term ids', terms)];
};

function checkSection(options: {
  readonly section: string;
  readonly rules: readonly FieldRule[];
  readonly what: string;
  readonly mayBeEmpty?: boolean;
}): CharmCheck {
  const { section, rules, what, mayBeEmpty = false } = options;
  return ({ metadata, extensions }) => {
    const value = metadata.get(section);
    if (value === undefined || (mayBeEmpty && isEmptyMapping(value))) return [];
    if (!value.isMapping || isEmptyMapping(value)) return [refuse(section, what, value)];
    return value
      .entries()
      .flatMap((entry) =>
        checkFields(entry.value, rules, extensions.get(section)).map((broken) =>
          tell(section, entry.key, broken),
        ),
      );
  };
}

function tell(section: string, name: string, { steps, reason, line }: BrokenRule): Finding {
  const key = [section, name, ...steps].join('.');
  return fault(section, `${key}: ${reason}`, { file: FILE, line, key });
}

function refuse(check: string, text: string, { line }: YamlValue): Finding {
  return fault(check, text, { file: FILE, line, key: check });
}

function isEmptyMapping(value: YamlValue): boolean {
  return value.isMapping && value.entries().length === 0;
}
