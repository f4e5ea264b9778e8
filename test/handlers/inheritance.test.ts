import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Endpoint, hook, Layer, type Unit, when, whenNot } from 'charms-reactive';
import { expect, onTestFinished, test } from 'vitest';
import { handlersOf, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

/** Runs `start` with the given flags set; the answer is what the layer wrote down. */
async function runLayer(layer: unknown, ...flags: string[]): Promise<string[]> {
  log.length = 0;
  const unit = new TrialUnit(makeCharm({ layers: { web: layer } }));
  unit.presetFlags(...flags);
  await unit.run('start');
  return [...log];
}

const log: string[] = [];

class Base extends Layer {
  @when('a')
  start(): void {
    log.push('base start');
  }

  @hook('start')
  hello(): void {
    log.push('base hello');
  }
}

test('keeps the handlers of a base class, before those of its own', async () => {
  class Sub extends Base {
    @when('a')
    more(): void {
      log.push('sub more');
    }
  }
  expect(await runLayer(Sub, 'a')).toEqual(['base hello', 'base start', 'sub more']);
});

test('runs an override without a decorator under the conditions of the base class', async () => {
  class Sub extends Base {
    override start(): void {
      log.push('sub start');
      super.start();
    }
  }
  expect(await runLayer(Sub, 'a')).toEqual(['base hello', 'sub start', 'base start']);
  expect(await runLayer(Sub)).toEqual(['base hello']);
});

test('lets an override with decorators of its own replace the conditions of the base class', async () => {
  class Sub extends Base {
    @when('b')
    @whenNot('c')
    override start(): void {
      log.push('sub start');
    }
  }
  expect(await runLayer(Sub, 'a')).toEqual(['base hello']);
  expect(await runLayer(Sub, 'b')).toEqual(['base hello', 'sub start']);
  expect(await runLayer(Sub, 'b', 'c')).toEqual(['base hello']);
});

test('lets the last of three generations decide', async () => {
  class Middle extends Base {
    @when('b')
    override start(): void {
      log.push('middle start');
    }
  }
  class Last extends Middle {
    @when('c')
    @when('d')
    override start(): void {
      log.push('last start');
    }
  }
  expect(await runLayer(Last, 'a', 'b')).toEqual(['base hello']);
  expect(await runLayer(Last, 'c')).toEqual(['base hello']);
  expect(await runLayer(Last, 'c', 'd')).toEqual(['base hello', 'last start']);
  expect(await runLayer(Middle, 'b')).toEqual(['base hello', 'middle start']);
});

test('turns a hook handler into a flag handler where the override says so, and leaves the base class alone', async () => {
  class Sub extends Base {
    @when('a')
    override hello(): void {
      log.push('sub hello');
    }
  }
  expect(await runLayer(Sub)).toEqual([]);
  expect(await runLayer(Sub, 'a')).toEqual(['base start', 'sub hello']);
  expect(await runLayer(Base, 'a')).toEqual(['base hello', 'base start']);
});

test('keeps siblings apart that extend one base class', async () => {
  class Left extends Base {
    @when('left')
    override start(): void {
      log.push('left');
    }
  }
  class Right extends Base {
    @when('right')
    override start(): void {
      log.push('right');
    }
  }
  log.length = 0;
  const unit = new TrialUnit(makeCharm({ layers: { one: Left, two: Right, three: Base } }));
  unit.presetFlags('a', 'right');
  expect(handlersOf(await unit.run('start'))).toEqual([
    'one.hello',
    'two.hello',
    'three.hello',
    'two.start',
    'three.start',
  ]);
  expect(log.slice(3)).toEqual(['right', 'base start']);
});

test('takes the handlers of a mixin', async () => {
  const withGreeting = <B extends new (unit: Unit) => Layer>(base: B) => {
    const parent: new (unit: Unit) => Layer = base;
    return class extends parent {
      @when('a')
      greet(): void {
        log.push('greet');
      }
    };
  };
  class Sub extends withGreeting(Base) {}
  expect(await runLayer(Sub, 'a')).toEqual(['base hello', 'base start', 'greet']);
});

test('B35: inherited endpoint handlers run, once for each endpoint, with its name filled in', async () => {
  class Shared extends Endpoint {
    @when('endpoint.{endpoint_name}.joined')
    inherited(): void {
      log.push(`inherited ${this.endpointName}`);
    }

    @whenNot('endpoint.{endpoint_name}.joined')
    overridden(): void {
      log.push('never');
    }
  }
  class Redis extends Shared {
    @when('endpoint.{endpoint_name}.joined')
    own(): void {
      log.push(`own ${this.endpointName}`);
    }

    override overridden(): void {
      log.push(`overridden ${this.endpointName}`);
    }
  }
  const requires = { db: { interface: 'redis' }, cache: { interface: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata: { requires }, interfaces: { 'requires/redis': Redis } }));
  log.length = 0;
  const report = await unit.join('db:1', 'redis/0');
  expect(handlersOf(report)).toEqual([
    'redis/requires.inherited@db',
    'redis/requires.overridden@cache',
    'redis/requires.own@db',
  ]);
  expect(log).toEqual(['inherited db', 'overridden cache', 'own db']);
});

test('B35: {endpoint_name} in a charm layer is refused, by handler and text', async () => {
  class Wrong extends Layer {
    @when('endpoint.{endpoint_name}.joined')
    start(): void {}
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Wrong } }));
  const { message } = await unit.runFailing('start');
  expect(message).toContain('"web.start"');
  expect(message).toContain('"endpoint.{endpoint_name}.joined"');

  class WrongHook extends Layer {
    @hook('{endpoint_name}-relation-joined')
    start(): void {}
  }
  unit.charm = makeCharm({ layers: { web: WrongHook } });
  expect((await unit.runFailing('start')).message).toContain('"{endpoint_name}-relation-joined"');
  class Other extends Layer {
    // In whichever hook: not only in those that it waits for.
    @hook('stop')
    @when('endpoint.{endpoint_name}.joined')
    never(): void {}
  }
  unit.charm = makeCharm({ layers: { web: Other } });
  expect((await unit.runFailing('start')).message).toContain('"endpoint.{endpoint_name}.joined"');
});

test('keeps a method that is wrapped by a decorator outside or inside of the condition', async () => {
  type Method = (this: Layer) => unknown;
  const loud =
    (name: string) =>
    (method: Method, _context: ClassMethodDecoratorContext<Layer, Method>): Method =>
      function (this: Layer) {
        log.push(`${name} before`);
        method.call(this);
        log.push(`${name} after`);
      };
  class Wrapped extends Layer {
    @loud('outer')
    @when('a')
    one(): void {
      log.push('one');
    }

    @when('a')
    @loud('inner')
    two(): void {
      log.push('two');
    }

    @whenNot('b')
    @loud('between')
    @when('a')
    three(): void {
      log.push('three');
    }
  }
  expect(await runLayer(Wrapped, 'a')).toEqual([
    'outer before',
    'one',
    'outer after',
    'inner before',
    'two',
    'inner after',
    'between before',
    'three',
    'between after',
  ]);
  expect(await runLayer(Wrapped, 'a', 'b')).toEqual([
    'outer before',
    'one',
    'outer after',
    'inner before',
    'two',
    'inner after',
  ]);
});

test('lets a layer have fields, private members and helpers, new in each hook', async () => {
  class Rich extends Layer {
    readonly name = `${this.unit.name}!`;
    #count = 0;

    @when('a')
    first(): void {
      this.#bump();
      this.helper(10);
    }

    @when('a')
    second(): void {
      this.#bump();
      log.push(`${this.name} ${this.#count}`);
    }

    helper(by: number): void {
      this.#count += by;
    }

    #bump(): void {
      this.#count += 1;
    }
  }
  const unit = new TrialUnit(makeCharm({ layers: { web: Rich } }));
  unit.presetFlags('a');
  log.length = 0;
  await unit.run('start');
  await unit.run('start');
  expect(log).toEqual(['web/0! 12', 'web/0! 12']);
});

test('leaves a decorated method an ordinary method, with a result and optional arguments', async () => {
  const seen: unknown[] = [];
  class Callable extends Layer {
    @when('never')
    sum(a = 1, b = 2): number {
      return a + b;
    }

    @hook('start')
    call(): void {
      seen.push(this.sum(), this.sum(10), this.sum(10, 20), this.sum.length, this.sum.name);
    }
  }
  await new TrialUnit(makeCharm({ layers: { web: Callable } })).run('start');
  expect(seen).toEqual([3, 12, 30, 0, 'sum']);
});

test('makes a handler of no method that is not decorated', async () => {
  class Plain extends Layer {
    start(): void {
      log.push('no');
    }
    @when('a')
    decorated(): void {
      log.push('yes');
    }
  }
  expect(await runLayer(Plain, 'a')).toEqual(['yes']);
});

test('holds for classes that the TypeScript compiler lowered: an override replaces the conditions', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  mkdirSync(path.join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'node_modules/.cache/lowered-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const source = `
    import { declaredMethods } from '${root}src/handlers/handler-host.ts';
    import { Endpoint, when, whenNot } from '${root}src/index.ts';
    class Base extends Endpoint { @when('a') @when('a2') start(): void {} @when('b') kept(): void {} }
    class Sub extends Base { @whenNot('c') override start(): void {} }
    const host = new Sub({} as never);
    const flags = declaredMethods(host).map(({ name, conditions }) =>
      [name, conditions.map((condition) => 'flags' in condition && condition.flags.join())]);
    console.log(JSON.stringify(flags));
  `;
  const options = {
    target: 'es2022',
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    noCheck: true,
    // Only this file is compiled; Node takes the framework as it is.
    noResolve: true,
    types: [],
    rootDir: '/',
    outDir: path.join(folder, 'out'),
  };
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(path.join(folder, 'lowered.ts'), source);
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['lowered.ts'] }),
  );
  execFileSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', folder]);
  const output = execFileSync(
    path.join(root, 'node_modules/.bin/node'),
    [path.join(folder, 'out', folder, 'lowered.js')],
    {
      encoding: 'utf8',
    },
  );
  expect(JSON.parse(output)).toEqual([
    ['start', ['c']],
    ['kept', ['b']],
  ]);
});
