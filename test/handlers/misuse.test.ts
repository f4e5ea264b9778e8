import {
  defineLayer,
  Endpoint,
  type EndpointContext,
  handler,
  hook,
  Layer,
  notUnless,
  onlyOnce,
  type Unit,
  when,
  whenAll,
  whenAny,
  whenConfigChanged,
  whenFileChanged,
  whenNone,
  whenNot,
  whenNotAll,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

/** The message of what a function throws. */
function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

test('refuses a static method by name', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a handler cannot be static
      @when('a')
      static start(): void {}
    }
    return Wrong;
  });
  expect(message).toBe('cannot use @when on "start": a handler cannot be static');
});

test('refuses a private method by name', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a handler cannot be private
      @whenNot('a')
      #start(): void {}
      use(): void {
        this.#start();
      }
    }
    return Wrong;
  });
  expect(message).toBe('cannot use @whenNot on "#start": a handler cannot be private');
});

test('refuses a static private method by name', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a handler cannot be static
      @whenNot('a')
      static #start(): void {}
      use(): void {
        Wrong.#start();
      }
    }
    return Wrong;
  });
  expect(message).toContain('"#start"');
});

test('refuses a field, with a function in it or not', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a field is no method
      @whenAny('a')
      start = (): void => {};
    }
    return Wrong;
  });
  expect(message).toBe('cannot use @whenAny on the field "start": only a method can be a handler');
});

test('refuses a getter and a setter', () => {
  const getter = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a getter is no method
      @whenAll('a')
      get ready(): boolean {
        return true;
      }
    }
    return Wrong;
  });
  expect(getter).toBe('cannot use @whenAll on the getter "ready": only a method can be a handler');
  const setter = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a setter is no method
      @whenNone('a')
      set ready(_on: boolean) {}
    }
    return Wrong;
  });
  expect(setter).toBe('cannot use @whenNone on the setter "ready": only a method can be a handler');
});

test('refuses an accessor', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error an accessor is no method
      @whenNotAll('a')
      accessor ready = true;
    }
    return Wrong;
  });
  expect(message).toBe('cannot use @whenNotAll on the accessor "ready": only a method can be a handler');
});

test('refuses a class', () => {
  const message = messageOf(() => {
    // @ts-expect-error a class is no method
    @hook('start')
    class Wrong extends Layer {}
    return Wrong;
  });
  expect(message).toBe('cannot use @hook on the class "Wrong": only a method can be a handler');
});

test('refuses a method whose name is a symbol', () => {
  const message = messageOf(() => {
    class Wrong extends Layer {
      @when('a')
      [Symbol('secret')](): void {}
    }
    return Wrong;
  });
  expect(message).toContain('Symbol(secret)');
  expect(message).toContain('needs a name');
});

test('refuses, when an object is made, a class that is neither a Layer nor an Endpoint', () => {
  class Plain {
    // @ts-expect-error Plain is neither a Layer nor an Endpoint
    @hook('start')
    start(): void {}
  }
  expect(messageOf(() => new Plain())).toBe(
    'cannot use @hook on "start": Plain is neither a Layer nor an Endpoint',
  );
});

test('refuses a class that only looks like a Layer', () => {
  class Lookalike {
    readonly unit: Unit | undefined;
    // @ts-expect-error Lookalike is neither a Layer nor an Endpoint
    @onlyOnce()
    start(): void {}
    registerTriggers(): void {}
  }
  expect(messageOf(() => new Lookalike())).toContain('Lookalike');
});

test('refuses to be called as a decorator of the old kind, and says what to turn off', () => {
  const target = { start() {} };
  const descriptor = Object.getOwnPropertyDescriptor(target, 'start');
  const message = messageOf(() => Reflect.apply(when('a'), undefined, [target, 'start', descriptor]));
  expect(message).toContain('@when');
  expect(message).toContain('"start"');
  expect(message).toContain('experimentalDecorators');
});

test('refuses to be called as a function over a function, as the Python decorators are', () => {
  const message = messageOf(() => Reflect.apply(whenNot('a'), undefined, [() => {}]));
  expect(message).toContain('@whenNot');
});

test.each([
  ['when', when],
  ['whenAll', whenAll],
  ['whenAny', whenAny],
  ['whenNot', whenNot],
  ['whenNone', whenNone],
  ['whenNotAll', whenNotAll],
])('%s refuses no flag at all, an empty one, and what is no text', (name, make) => {
  expect(messageOf(() => make())).toContain(`${name}()`);
  expect(messageOf(() => make('a', ''))).toContain('non-empty');
  for (const wrong of [undefined, null, 1, ['a'], {}]) {
    expect(messageOf(() => Reflect.apply(make, undefined, ['a', wrong]))).toContain('flag');
  }
});

test('hook refuses no pattern, an empty one, and what is no text', () => {
  expect(messageOf(() => hook())).toContain('hook()');
  expect(messageOf(() => hook('start', ''))).toContain('hook()');
  expect(messageOf(() => Reflect.apply(hook, undefined, [undefined]))).toContain('hook()');
});

test('whenFileChanged refuses to watch no file at all', () => {
  expect(messageOf(() => whenFileChanged())).toContain('whenFileChanged()');
  expect(messageOf(() => whenFileChanged({ hash: 'sha256' }))).toContain('whenFileChanged()');
});

test('whenConfigChanged refuses no option at all, and what is no text', () => {
  expect(messageOf(() => whenConfigChanged())).toContain('whenConfigChanged()');
  expect(messageOf(() => whenConfigChanged('port', ''))).toContain('whenConfigChanged()');
  expect(messageOf(() => Reflect.apply(whenConfigChanged, undefined, [undefined]))).toContain(
    'whenConfigChanged()',
  );
});

test('handler refuses a function without a condition, by its name', () => {
  // @ts-expect-error a condition is missing
  expect(messageOf(() => handler(function start() {}))).toContain('"start"');
});

test('handler refuses to do without a function', () => {
  // @ts-expect-error the function is missing
  expect(messageOf(() => handler(when('a')))).toContain('last argument');
  // @ts-expect-error the function is missing
  expect(messageOf(() => handler(when('a'), whenNot('b')))).toContain('last argument');
  // @ts-expect-error everything is missing
  expect(messageOf(() => handler())).toContain('last argument');
});

test('handler refuses conditions after the function, and what is none before it', () => {
  // @ts-expect-error the function stands last
  expect(messageOf(() => handler(when('a'), function start() {}, whenNot('b')))).toContain('cannot make');
  // @ts-expect-error a flag is no condition
  expect(messageOf(() => handler('a', function start() {}))).toContain('"start"');
  const lookalike = Object.assign(() => {}, { kind: 'all', flags: ['a'] });
  // @ts-expect-error a function with the same data is no condition
  expect(messageOf(() => handler(lookalike, function start() {}))).toContain('"start"');
});

test('notUnless says which member it cannot guard, and why', () => {
  const field = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a field is no method
      @notUnless('a')
      start = (): void => {};
    }
    return new Wrong({} as Unit);
  });
  expect(field).toMatch(/@notUnless.*"start"/);
  const getter = messageOf(() => {
    class Wrong extends Layer {
      // @ts-expect-error a getter is no method
      @notUnless('a')
      get ready(): boolean {
        return true;
      }
    }
    return Wrong;
  });
  expect(getter).toMatch(/@notUnless.*"ready"/);
  const legacy = messageOf(() => Reflect.apply(notUnless('a'), undefined, [{ start() {} }, 'start', {}]));
  expect(legacy).toMatch(/@notUnless.*"start"/);
  class Plain {
    // @ts-expect-error Plain is neither a Layer nor an Endpoint
    @notUnless('a')
    start(): void {}
  }
  expect(messageOf(() => new Plain().start())).toMatch(/@notUnless.*"start"/);
});

test('a hook fails, naming the file, where no class or several classes could implement an interface', async () => {
  class One extends Endpoint {}
  class Two extends Endpoint {}
  const metadata = { requires: { db: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': class {} } }));
  expect((await unit.runFailing('start')).message).toContain('"interfaces/redis/requires.ts"');
  const module = { role: 'requires', interface: 'redis', file: 'interfaces/redis/requires.ts' } as const;
  unit.charm = { ...unit.charm, interfaces: [{ ...module, exports: { One, Two } }] };
  const { message } = await unit.runFailing('start');
  expect(message).toContain('One, Two');
});

test('an endpoint class may have a constructor of its own', async () => {
  const metadata = { requires: { db: 'redis' } };
  class Own extends Endpoint {
    readonly label: string;
    constructor(context: EndpointContext) {
      super(context);
      this.label = `${this.endpointName}!`;
    }
  }
  let label = '';
  const layer = defineLayer('web', [
    handler(hook('start'), (unit) => {
      label = unit.endpoint('db', Own).label;
    }),
  ]);
  await new TrialUnit(
    makeCharm({ metadata, layers: { web: layer }, interfaces: { 'requires/redis': Own } }),
  ).run('start');
  expect(label).toBe('db!');
});
