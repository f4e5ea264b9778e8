/** What may be a handler, and what may not: each misuse must fail to compile. Nothing here is run. */
import {
  collectMetrics,
  Endpoint,
  type EndpointContext,
  type HandlerDecorator,
  hook,
  Layer,
  meterStatusChanged,
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

export class EveryCondition extends Layer {
  @when('a', 'b')
  @whenAll('a')
  @whenAny('a')
  @whenNot('a')
  @whenNone('a')
  @whenNotAll('a')
  @hook('install', '{requires:redis}-relation-{joined,changed}')
  @collectMetrics()
  @meterStatusChanged()
  @onlyOnce()
  @whenConfigChanged('port', 'name')
  @whenFileChanged('/etc/redis.conf', () => ['a', 'b'], { hash: 'sha256' })
  plain(): void {}
}

export class EveryShape extends Layer {
  @when('a') nothing(): void {}
  @when('a') async waits(): Promise<void> {}
  @when('a') answers(): number {
    return 1;
  }
  @when('a') optional(_a?: string, _b = 2): void {}
  @when('a') many(..._rest: string[]): void {}
  @when('a') protected forSubclasses(): void {}
  @when('a') protected async forSubclassesLater(): Promise<string> {
    return '';
  }
  @when('a') *generates(): Generator<number> {}
}

export class Derived extends EveryShape {
  @when('b') override nothing(): void {}
  override async waits(): Promise<void> {}
  @whenNot('b') override optional(_a?: string): void {}
}

export class AnEndpoint extends Endpoint {
  readonly extra: number;
  constructor(context: EndpointContext) {
    super(context);
    this.extra = 1;
  }
  @when('endpoint.{endpoint_name}.joined') joined(): void {
    this.setFlag('available');
  }
}

export abstract class AnAbstractLayer extends Layer {
  @when('a') start(): void {
    this.install();
  }
  abstract install(): void;
}

export class Guarded extends Layer {
  @notUnless('a') withArguments(a: number, b: string): string {
    return b.repeat(a);
  }
  @when('b') @notUnless('a') handlerToo(): void {
    const text: string = this.withArguments(1, 'x');
    this.unit.log.info(text);
    // @ts-expect-error the guard keeps the method's arguments
    this.withArguments('1', 'x');
  }
}

export class Misused extends Layer {
  // @ts-expect-error a static method
  @when('a')
  static aStatic(): void {}

  // @ts-expect-error a private method
  @when('a')
  #aPrivate(): void {}

  // @ts-expect-error a static private method
  @when('a')
  static #aStaticPrivate(): void {}

  // @ts-expect-error a field
  @when('a')
  aField = 1;

  // @ts-expect-error a field with a function in it
  @when('a')
  anArrow = (): void => {};

  // @ts-expect-error a private field
  @when('a')
  #aPrivateField = 1;

  // @ts-expect-error a getter
  @when('a')
  get aGetter(): number {
    return 1;
  }

  // @ts-expect-error a setter
  @when('a')
  set aSetter(_value: number) {}

  // @ts-expect-error an accessor
  @when('a')
  accessor anAccessor = 1;

  // @ts-expect-error an argument that nobody gives
  @when('a')
  anArgument(_name: string): void {}

  // @ts-expect-error an argument that nobody gives, and one that need not be given
  @when('a')
  arguments(_name: string, _more?: number): void {}

  // @ts-expect-error a condition is called first
  @when
  notCalled(): void {}

  // @ts-expect-error a flag is text
  @when(1)
  aNumber(): void {}

  // @ts-expect-error flags are given one by one
  @whenAny(['a', 'b'])
  aList(): void {}

  // @ts-expect-error onlyOnce takes nothing
  @onlyOnce('a')
  once(): void {}

  // @ts-expect-error a hash is named by text
  @whenFileChanged('a', { hash: 1 })
  watched(): void {}

  // @ts-expect-error a guard on a field
  @notUnless('a')
  guarded = 1;

  useAll(): void {
    this.#aPrivate();
    Misused.#aStaticPrivate();
    this.#aPrivateField += 1;
  }
}

export class MisusedHook extends Layer {
  // @ts-expect-error a static method
  @hook('start')
  static aStatic(): void {}

  // @ts-expect-error a static method
  @collectMetrics()
  static another(): void {}

  // @ts-expect-error a pattern is text
  @hook(/start/)
  aPattern(): void {}
}

// @ts-expect-error a class
@when('a')
export class AClass extends Layer {}

export class NoHost {
  // @ts-expect-error neither a Layer nor an Endpoint
  @when('a')
  start(): void {}

  // @ts-expect-error neither a Layer nor an Endpoint
  @notUnless('a')
  stop(): void {}
}

export class Lookalike {
  declare readonly unit: Unit;
  registerTriggers(): void {}
  beforeStart(): void {}
  atStart(): void {}
  atExit(): void {}
  // @ts-expect-error it has what a Layer has, and is none
  @when('a')
  start(): void {}
}

/** A condition is a decorator as the type says. */
export const decorator: HandlerDecorator = when('a');
