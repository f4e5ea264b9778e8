import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  defineLayer,
  type FunctionHandler,
  handler,
  hook,
  type Unit,
  when,
  whenConfigChanged,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import Basic from '../../layers/basic/reactive/basic.ts';
import { handlersOf, makeCharm, TrialUnit } from './trial-unit.ts';

const OPTIONS = {
  name: { type: 'string', default: 'web' },
  port: { type: 'int', default: 80 },
  ratio: { type: 'float', default: 0.5 },
  debug: { type: 'boolean', default: false },
  extra: { type: 'string' },
};
const VALUES = { name: 'web', port: 80, ratio: 0.5, debug: false, extra: null };

/** A unit with the basic layer, that does `act` in every hook. */
function makeUnit(act: (unit: Unit) => void = () => {}, more: readonly FunctionHandler[] = []): TrialUnit {
  const handlers = [
    handler(whenNot('never'), function act_(unit) {
      act(unit);
    }),
    ...more,
  ];
  return new TrialUnit(
    makeCharm({ config: OPTIONS, layers: { basic: Basic, web: defineLayer('web', handlers) } }),
    {
      config: { ...VALUES },
    },
  );
}

function remembered(unit: TrialUnit): string {
  return path.join(unit.charmDir, '.juju-persistent-config');
}

/** The config flags that a hook set, in its report. */
async function flagsIn(unit: TrialUnit, name = 'config-changed'): Promise<string[]> {
  const { changes } = await unit.run(name);
  const set = changes.filter(({ to, flag }) => to === 'set' && flag.startsWith('config.'));
  return set.map(({ flag }) => flag.slice('config.'.length)).sort();
}

test('Q10: in the first hook every option counts as changed; what is set and what is default is told too', async () => {
  const unit = makeUnit();
  expect(await flagsIn(unit, 'install')).toEqual([
    'changed',
    'changed.debug',
    'changed.extra',
    'changed.name',
    'changed.port',
    'changed.ratio',
    'default.debug',
    'default.extra',
    'default.name',
    'default.port',
    'default.ratio',
    'set.name',
    'set.port',
    'set.ratio',
  ]);
});

test('Q10: later only what changed since the last good hook counts, and nothing of it is stored', async () => {
  const unit = makeUnit();
  await unit.run('install');
  expect(await flagsIn(unit, 'update-status')).toEqual(expect.not.arrayContaining(['changed']));
  unit.tools.model.config = { ...VALUES, port: 81, extra: 'x' };
  const flags = await flagsIn(unit);
  expect(flags.filter((flag) => flag.startsWith('changed'))).toEqual([
    'changed',
    'changed.extra',
    'changed.port',
  ]);
  expect(flags).toContain('set.extra');
  expect(flags).not.toContain('default.port');
  expect(unit.flags()).toEqual([]);
});

test('Q10: after a failed hook the same options are changed again, from the same values', async () => {
  const seen: unknown[] = [];
  let fail = false;
  const unit = makeUnit(({ config, flags }) => {
    seen.push([
      flags.list().filter((flag) => flag.startsWith('config.changed')),
      config.previousValue('port'),
      config.get('port'),
    ]);
    if (fail) throw new Error('no');
  });
  await unit.run('install');
  unit.tools.model.config = { ...VALUES, port: 81 };
  fail = true;
  await unit.runFailing('config-changed');
  unit.tools.model.config = { ...VALUES, port: 82 };
  await unit.runFailing('config-changed');
  fail = false;
  await unit.run('update-status');
  await unit.run('update-status');
  const changed = ['config.changed', 'config.changed.port'];
  expect(seen.slice(1)).toEqual([
    [changed, 80, 81],
    [changed, 80, 82],
    [changed, 80, 82],
    [[], 82, 82],
  ]);
});

test('Q10: an option that a new charm brings has changed where it has a value', async () => {
  const unit = makeUnit();
  await unit.run('install');
  const layers = { basic: Basic };
  unit.charm = makeCharm({
    config: { ...OPTIONS, added: { type: 'int', default: 1 }, without: { type: 'int' } },
    layers,
  });
  unit.tools.model.config = { ...VALUES, added: 1, without: null };
  const flags = await flagsIn(unit, 'upgrade-charm');
  expect(flags.filter((flag) => flag.startsWith('changed'))).toEqual(['changed', 'changed.added']);
});

test('Q10: config flags are gone when the hook ends, though the charm set one, or an earlier version stored one', async () => {
  const unit = makeUnit(({ flags }) => {
    flags.set('config.changed.name');
    flags.set('config.set.name', 1);
    flags.clear('config.default.name');
    flags.set('config.default.name');
  });
  await unit.run('install');
  expect(unit.flags()).toEqual([]);
  unit.presetFlags('config.changed', 'config.changed.port', 'config.set.extra', 'config.default.extra');
  unit.tools.model.config = { ...VALUES, debug: true };
  await unit.run('update-status');
  expect(unit.flags()).toEqual([]);
});

test('Q9: triggers see the config flags of the hook change', async () => {
  const layer = defineLayer('web', [], {
    triggers: [{ when: 'config.changed.port', clearFlag: 'web.configured' }],
  });
  const unit = new TrialUnit(makeCharm({ config: OPTIONS, layers: { basic: Basic, web: layer } }), {
    config: VALUES,
  });
  unit.presetFlags('web.configured');
  await unit.run('install');
  expect(unit.flags()).toEqual([]);
});

test('B41: a change waits for each handler that waits for it, until that handler ran', async () => {
  const unit = makeUnit(undefined, [
    handler(whenConfigChanged('port'), when('up'), function late() {}),
    handler(whenConfigChanged('port', 'name'), function soon() {}),
  ]);
  const ran = async (): Promise<string[]> => {
    const report = await unit.run('config-changed');
    return handlersOf(report).filter((id) => id !== 'web.act_');
  };
  expect(await ran()).toEqual(['web.soon']);
  expect(await ran()).toEqual([]);
  unit.tools.model.config = { ...VALUES, port: 81 };
  expect(await ran()).toEqual(['web.soon']);
  unit.tools.model.config = { ...VALUES, port: 82 };
  expect(await ran()).toEqual(['web.soon']);
  unit.presetFlags('up');
  expect(await ran()).toEqual(['web.late']);
  expect(await ran()).toEqual([]);
});

test('waiting for an option that config.yaml does not have fails the hook, by option and handler', async () => {
  const unit = makeUnit(undefined, [handler(whenConfigChanged('prot'), function reload() {})]);
  const { message } = await unit.runFailing('install');
  expect(message).toContain('"prot"');
  expect(message).toContain('web.reload');
});

test('B41: config cannot be changed from the charm, so nothing the charm does counts as a change', async () => {
  const unit = makeUnit(({ config, hook: { name } }) => {
    expect(() => Object.assign(config.current, { port: 1 })).toThrow(TypeError);
    expect(() => Reflect.apply(Array.prototype.push, config.current, [1])).toThrow(TypeError);
    if (config.previous) expect(() => Object.assign(config.previous ?? {}, { port: 1 })).toThrow(TypeError);
    expect(config.changed('port')).toBe(name === 'install');
  });
  await unit.run('install');
  await unit.run('update-status');
  await unit.run('update-status');
});

test('typed getters give a value of their type, and an empty one where there is none', async () => {
  const unit = makeUnit(({ config }) => {
    expect([
      config.string('name'),
      config.number('port'),
      config.number('ratio'),
      config.boolean('debug'),
    ]).toEqual(['web', 80, 0.5, false]);
    expect(config.string('extra')).toBe('');
    expect(config.get('extra')).toBeNull();
    expect(() => config.number('name')).toThrow('cannot read the config option "name" as a number');
    expect(() => config.string('port')).toThrow('"port" as a string');
    expect(() => config.boolean('port')).toThrow('"port" as a boolean');
  });
  await unit.run('install');
});

test('an option without a value is of its type all the same: another type is refused', async () => {
  const unit = makeUnit(({ config }) => {
    expect(() => config.number('extra')).toThrow('"extra" as a number');
    expect(() => config.boolean('extra')).toThrow('"extra" as a boolean');
  });
  await unit.run('install');
});

test.each(['nothing', '__proto__', 'constructor', 'toString', ''])(
  'an option that config.yaml does not have is refused by name: "%s"',
  async (option) => {
    const unit = makeUnit(({ config }) => {
      for (const read of [config.get, config.string, config.number, config.boolean, config.changed]) {
        expect(() => Reflect.apply(read, config, [option])).toThrow(`"${option}"`);
      }
    });
    await unit.run('install');
    await unit.run('update-status');
  },
);

test('Q23: what a Python charm remembered of its config is read, and what is written here Python reads', async () => {
  const seen: unknown[] = [];
  const unit = makeUnit(({ config }) => {
    seen.push([
      config.changed('port'),
      config.changed('name'),
      config.changed('ratio'),
      config.previousValue('name'),
    ]);
  });
  const program = `import json; json.dump({"name": "w\\u00eb \\ud83c\\udf88", "port": 80, "ratio": 0.50, "debug": False, "extra": None, "gone": [1]}, open("${remembered(unit)}", "w"))`;
  execFileSync('python3', ['-c', program]);
  await unit.run('upgrade-charm');
  expect(seen).toEqual([[false, true, false, 'wë 🎈']]);
  const back = execFileSync(
    'python3',
    ['-c', `import json; print(json.dumps(json.load(open("${remembered(unit)}")), sort_keys=True))`],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(back)).toEqual({ ...VALUES, gone: [1] });
});

test.each([
  ['empty', '', false],
  ['cut off', '{"port": 8', true],
  ['a list', '[80]', true],
  ['null', 'null', true],
  ['no text at all', '\u0000\ufffd', true],
])(
  'a record that is %s counts as none: every option has changed, and it is written anew',
  async (_, text, isTold) => {
    const unit = makeUnit();
    writeFileSync(remembered(unit), text);
    const flags = await flagsIn(unit, 'update-status');
    expect(flags.filter((flag) => flag.startsWith('changed'))).toHaveLength(6);
    expect(JSON.parse(readFileSync(remembered(unit), 'utf8'))).toEqual(VALUES);
    expect(
      unit.logLines().some((line) => line.startsWith('ERROR') && line.includes('.juju-persistent-config')),
    ).toBe(isTold);
    expect((await flagsIn(unit, 'update-status')).filter((flag) => flag.startsWith('changed'))).toEqual([]);
  },
);

test('a record with keys of hostile names is read as data', async () => {
  const unit = makeUnit(({ config }) => {
    expect(config.changed('port')).toBe(false);
    expect(config.previousValue('toString')).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  writeFileSync(remembered(unit), '{"__proto__": {"polluted": 1}, "port": 80}');
  await unit.run('update-status');
  expect(readFileSync(remembered(unit), 'utf8')).toContain('"__proto__": {"polluted": 1}');
});

test('the record is private, and written only where something changed', async () => {
  const unit = makeUnit();
  await unit.run('install');
  expect(statSync(remembered(unit)).mode & 0o777).toBe(0o600);
  const { ino } = statSync(remembered(unit));
  await unit.run('update-status');
  expect(statSync(remembered(unit)).ino).toBe(ino);
  unit.tools.model.config = { ...VALUES, port: 81 };
  await unit.run('config-changed');
  expect(JSON.parse(readFileSync(remembered(unit), 'utf8'))).toEqual({ ...VALUES, port: 81 });
  expect(existsSync(`${remembered(unit)}.new`)).toBe(false);
});

test('1, 1.0 and true are no change from each other, as in Python; "1" is', async () => {
  const unit = makeUnit();
  await unit.run('install');
  writeFileSync(remembered(unit), JSON.stringify({ ...VALUES, debug: 0, port: '80' }).replace('0.5', '0.50'));
  const flags = await flagsIn(unit, 'update-status');
  expect(flags.filter((flag) => flag.startsWith('changed'))).toEqual(['changed', 'changed.port']);
});

test('a charm that never looks at its config asks for none and remembers none', async () => {
  const unit = new TrialUnit(makeCharm({ config: OPTIONS }), { config: VALUES });
  await unit.run('install');
  expect(existsSync(remembered(unit))).toBe(false);
});

test('unit.layerOptions gives what layer.yaml says, and nothing for a layer of any other name', async () => {
  const seen: unknown[] = [];
  const layer = defineLayer('web', [
    handler(hook('start'), (unit) => {
      for (const name of ['web', 'other', '__proto__', 'toString']) seen.push({ ...unit.layerOptions(name) });
    }),
  ]);
  const unit = new TrialUnit(makeCharm({ layers: { web: layer }, options: { web: { size: 3 } } }));
  await unit.run('start');
  expect(seen).toEqual([{ size: 3 }, {}, {}, {}]);
});
