import { describe, expect, it } from 'vitest';
import { parseBundle } from '../../../src/cli/sim/bundle.ts';

const parse = (text: string, ...overlays: readonly string[]) =>
  parseBundle([
    { file: 'bundle.yaml', text },
    ...overlays.map((overlay, index) => ({ file: `overlay-${index}.yaml`, text: overlay })),
  ]);

describe('a bundle', () => {
  it('has applications with all that deploying them takes', () => {
    const { applications } = parse(`
applications:
  web:
    charm: ./web
    num_units: 2
    options: {port: 80}
    to: [0, "1"]
    trust: true
    expose: true
    resources: {data: ./data.txt, image: 3}
    storage: {files: 2}
  agent: {charm: ./agent}
`);
    expect(applications).toEqual({
      web: {
        charm: './web',
        units: 2,
        options: { port: 80 },
        to: ['0', '1'],
        trust: true,
        expose: true,
        resources: { data: './data.txt', image: '3' },
        storage: { files: '2' },
      },
      agent: {
        charm: './agent',
        options: {},
        to: [],
        trust: false,
        expose: false,
        resources: {},
        storage: {},
      },
    });
  });

  it('may say services, scale and places as older and other bundles do', () => {
    const { applications } = parse('services: {web: {charm: ./web, scale: 3, to: "0,lxd:1"}}');
    expect(applications.web).toMatchObject({ units: 3, to: ['0', 'lxd:1'] });
  });

  it('has relations in pairs, and one to many', () => {
    const text = `
applications: {web: {charm: ./web}, db: {charm: ./db}, log: {charm: ./log}}
relations:
- [web:db, db]
- - log
  - [web, db:log]
`;
    expect(parse(text).relations).toEqual([
      ['web:db', 'db'],
      ['log', 'web'],
      ['log', 'db:log'],
    ]);
  });

  it('takes overlays: they change, add and, by null, remove', () => {
    const base = `
applications:
  web: {charm: ./web, num_units: 1, options: {port: 80, title: Hi}}
  db: {charm: ./db}
relations: [[web, db]]
`;
    const bundle = parse(
      base,
      'applications: {web: {num_units: 3, options: {port: 8080}}, log: {charm: ./log}}\nrelations: [[log, web]]',
    );
    expect(bundle.applications.web).toMatchObject({ units: 3, options: { port: 8080, title: 'Hi' } });
    expect(Object.keys(bundle.applications)).toEqual(['web', 'db', 'log']);
    expect(bundle.relations).toEqual([
      ['web', 'db'],
      ['log', 'web'],
    ]);
    expect(
      Object.keys(
        parse('applications: {a: {charm: ./a}, b: {charm: ./b}}\n---\napplications: {b: null}').applications,
      ),
    ).toEqual(['a']);
  });

  it('names what it says that means nothing here', () => {
    const bundle = parse(
      'applications: {web: {charm: ./web, constraints: mem=1G, bindings: {db: x}}}\nmachines: {0: {}}',
    );
    expect(bundle.ignored).toEqual(['constraints', 'bindings']);
    expect(bundle.machines).toEqual(['0']);
  });

  it.each([
    ['applications: {web: {charm: ./web, plann: x}}', /application "web": "plann" is not simulated/],
    ['applications: {web: {charm: ./web}}\nsaas: {db: {url: x}}', /bundle\.yaml: "saas" is not simulated/],
    ['applications: {web: {num_units: 1}}', /application "web": it needs a "charm"/],
    ['applications: {web: {charm: ./web, num_units: -1}}', /"num_units" must be a whole number/],
    [
      'applications: {web: {charm: ./web}}\nrelations: [[web, db]]',
      /relation \["web","db"\]: application "db" is not in the bundle/,
    ],
    ['applications: {web: {charm: ./web}}\nrelations: [[web]]', /relation \["web"\]: give two ends/],
    ['applications: {web: {charm: ./web}}\nrelations: web', /relations: expected a list/],
    ['applications: [web]', /applications: expected a mapping/],
    ['description: nothing in it', /a bundle needs applications/],
    ['applications: {web: [', /cannot read "bundle\.yaml"/],
  ])('is refused with the place and the reason: %s', (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });
});
