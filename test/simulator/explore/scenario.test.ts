import { describe, expect, it } from 'vitest';
import { charmFoldersOf, parseScenario, withCharmFolders } from '../../../src/simulator/explore/scenario.ts';
import { describeStep } from '../../../src/simulator/explore/scenario-step.ts';

const parse = (text: string) => parseScenario(text, '/shop/scenario.yaml');

/** What is wrong with a scenario, a line a fault. */
function faultsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n');
  }
  return [];
}

describe('a scenario file', () => {
  it('says each step as an operator would, with charms relative to the file', () => {
    const { steps } = parse(`
steps:
  - deploy: ./web
  - deploy: { charm: ../db, application: mysql, units: 3, config: { port: 1 }, to: ["0"], trust: true }
  - integrate: [web:db, mysql]
  - remove-relation: [web, mysql]
  - config: { web: { title: Hello, size: 3 }, mysql: { port: 2 } }
  - add-unit: { web: 2 }
  - remove-unit: web/0
  - run: { unit: web/leader, action: backup, params: { where: /tmp } }
  - fire: { unit: web/1, hook: update-status }
  - elect: web/1
  - refresh: { web: ./web2 }
  - settle
`);
    expect(steps.map((step) => `${step.place} ${describeStep(step)}`)).toEqual([
      'steps[0].deploy deploy ./web',
      'steps[1].deploy deploy ../db mysql -n 3',
      'steps[2].integrate integrate web:db mysql',
      'steps[3].remove-relation remove-relation web mysql',
      'steps[4].config config web title=Hello size=3',
      'steps[4].config config mysql port=2',
      'steps[5].add-unit add-unit web -n 2',
      'steps[6].remove-unit remove-unit web/0',
      'steps[7].run run web/leader backup where=/tmp',
      'steps[8].fire fire web/1 update-status',
      'steps[9].elect elect web/1',
      'steps[10].refresh refresh web ./web2',
      'steps[11] settle',
    ]);
    expect(steps[1]).toMatchObject({
      folder: '/db',
      options: { application: 'mysql', units: 3, config: { port: 1 }, to: ['0'], trust: true },
    });
  });

  it('has a seed and a number of runs, or 1 and 100', () => {
    const steps = 'steps: [settle]';
    expect(parse(steps)).toMatchObject({ seed: 1, runs: 100 });
    expect(parse(`seed: 7\nruns: 3\n${steps}`)).toMatchObject({ seed: 7, runs: 3 });
  });

  it('tells its charms, each once, and takes others in their place', () => {
    const scenario = parse(
      'steps: [{deploy: web}, {deploy: {charm: web, application: b}}, {refresh: {b: web2}}]',
    );
    expect(charmFoldersOf(scenario)).toEqual(['/shop/web', '/shop/web2']);
    const built = withCharmFolders(scenario, new Map([['/shop/web', '/built']]));
    expect(charmFoldersOf(built)).toEqual(['/built', '/shop/web2']);
    expect(built.steps.map(describeStep)).toEqual(['deploy web', 'deploy web b', 'refresh b web2']);
  });

  it('is refused with the file and the key of everything that is wrong', () => {
    expect(
      faultsOf(`
run: 3
runs: 0
steps:
  - deploy: { units: -1 }
  - intergrate: [a, b]
  - integrate: [a]
  - remove-unit: web
  - { settle: , elect: web/0 }
  - fire: { unit: web/0, hook: start, when: now }
  - add-unit: { web: many }
  - config: { web: 3 }
ignore:
  flag: [x]
`),
    ).toEqual([
      'cannot read "/shop/scenario.yaml": run: is no key of a scenario: there are seed, runs, steps and ignore',
      'cannot read "/shop/scenario.yaml": runs: must be at least 1',
      'cannot read "/shop/scenario.yaml": steps[0].deploy: must have "charm"',
      'cannot read "/shop/scenario.yaml": steps[0].deploy.units: must be at least 0',
      'cannot read "/shop/scenario.yaml": steps[1].intergrate: is no step: there are deploy, integrate, remove-relation, config, add-unit, remove-unit, elect, run, fire, refresh, settle',
      'cannot read "/shop/scenario.yaml": steps[2].integrate: must be a list of two, each an application or application:endpoint',
      'cannot read "/shop/scenario.yaml": steps[3].remove-unit: "web" is no unit: give one such as web/0 or web/leader',
      'cannot read "/shop/scenario.yaml": steps[4]: must be one step, such as "integrate: [web, db]", or settle',
      'cannot read "/shop/scenario.yaml": steps[5].fire.when: is not known here: there are unit, hook',
      'cannot read "/shop/scenario.yaml": steps[6].add-unit.web: must be an integer, got "many"',
      'cannot read "/shop/scenario.yaml": steps[7].config.web: must be a mapping from names to values',
      'cannot read "/shop/scenario.yaml": ignore.flag: cannot be ignored: only flags, databags, statuses, ports can',
    ]);
  });

  it('is refused without steps, and where it is no YAML', () => {
    expect(faultsOf('seed: 1')).toEqual([
      'cannot read "/shop/scenario.yaml": must have "steps", a list of what is done to the model',
    ]);
    expect(faultsOf('steps: []')).toEqual([
      'cannot read "/shop/scenario.yaml": steps: must have at least one step',
    ]);
    expect(faultsOf('steps: [')[0]).toMatch(/^cannot read "\/shop\/scenario.yaml": line 1, column \d+: /);
  });
});
