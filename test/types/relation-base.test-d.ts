/** RelationBase: what is read is text or null, accessors are named by their keys, scopes are texts. Nothing here is run. */
import {
  type Conversation,
  Endpoint,
  hook,
  type JsonValue,
  RelationBase,
  type RelationBaseClass,
  type RelationBaseContext,
  scopes,
  type Unit,
  when,
  withAutoAccessors,
} from 'charms-reactive';

export class Mysql extends withAutoAccessors(['host', 'db-name', 'a-b-c']) {
  static override readonly scope = scopes.GLOBAL;

  constructor(context: RelationBaseContext) {
    super(context);
  }

  @hook('{requires:mysql}-relation-{joined,changed}')
  changed(): void {
    const host: string | null = this.host();
    const name: string | null = this.db_name();
    const more: string | null = this.a_b_c();
    this.toggleState('{relation_name}.available', Boolean(host && name && more));
    // @ts-expect-error nobody may have published it
    const text: string = this.host();
    // @ts-expect-error dashes become underscores
    this['db-name']();
    // @ts-expect-error there is no such key
    this.port();
    // @ts-expect-error an accessor takes no arguments
    this.host('db');
    // @ts-expect-error an accessor stays what it is
    this.host = () => text;
  }

  @when('{relation_name}.available')
  async available(): Promise<void> {}

  // @ts-expect-error a handler takes no arguments
  @when('{relation_name}.available')
  withArgument(value: string): void {
    void value;
  }
}

export class PerUnit extends RelationBase {}

export class Shared extends RelationBase {
  static override readonly scope = 'everyone';
}

// @ts-expect-error a scope is a text
export class Numbered extends RelationBase {
  static override readonly scope = 7;
}

export const classes: RelationBaseClass[] = [Mysql, PerUnit, Shared];
export const keys: readonly ('host' | 'db-name' | 'a-b-c')[] = Mysql.autoAccessors;

// @ts-expect-error the class of an Endpoint is none of a RelationBase
classes.push(Endpoint);
// @ts-expect-error only its subclasses are made
export const made = new RelationBase({} as RelationBaseContext);
// @ts-expect-error only its subclasses are made
export const madeWithAccessors = new (withAutoAccessors(['host']))({} as RelationBaseContext);
// @ts-expect-error keys are texts
withAutoAccessors([7]);
// @ts-expect-error the scopes are fixed
scopes.UNIT = 'global';

export function read(db: RelationBase, conversation: Conversation): JsonValue[] {
  const text: string | null = db.getRemote('host');
  const withFallback: string = db.getRemote('host', 'localhost');
  const orNumber: string | number = conversation.getRemote('port', 3306);
  const local: JsonValue = db.getLocal('spec', {});
  // @ts-expect-error nobody may have published it
  const sure: string = db.getRemote('host');
  // @ts-expect-error what is read is text
  const port: number = conversation.getRemote('port', 3306);
  // @ts-expect-error local data may be anything
  const spec: string = db.getLocal('spec');
  // @ts-expect-error units are read only
  conversation.units.push('mysql/0');
  // @ts-expect-error a conversation's scope does not change
  conversation.scope = 'mysql/0';
  // @ts-expect-error conversations are made by the framework
  conversation.key = 'reactive.conversations.db.global';
  return [text, withFallback, orNumber, local, sure, port, spec];
}

export function write(db: RelationBase, conversation: Conversation): void {
  db.setRemote('port', 3306);
  db.setRemote('port', null, 'mysql/0');
  db.setRemote({ port: '3306', gone: undefined });
  db.setRemote({ port: '3306' }, 'mysql/0');
  conversation.setRemote('ports', [80, 443]);
  db.setLocal({ spec: { version: 1 } });
  db.setState('{relation_name}.available');
  db.setState('{relation_name}.available', 'mysql/0');
  db.toggleState('{relation_name}.available');
  conversation.toggleFlag('{relation_name}.available', true);
  // @ts-expect-error a function cannot be told anyone
  db.setRemote('port', () => 3306);
  // @ts-expect-error a date has no form of its own
  conversation.setRemote({ since: new Date() });
  // @ts-expect-error a key needs a value
  db.setRemote('port');
  // @ts-expect-error undefined cannot be kept
  db.setLocal('spec', undefined);
  // @ts-expect-error a state is a text
  db.setState(7);
  // @ts-expect-error a scope is a text
  db.setState('{relation_name}.available', 7);
  // @ts-expect-error a state is active or not
  conversation.toggleState('{relation_name}.available', 'yes');
}

export function lookUp(unit: Unit): (string | null)[] {
  const db: Mysql = unit.endpoint('db', Mysql);
  const found: Endpoint | RelationBase | undefined = unit.endpointFromFlag('db.available');
  // @ts-expect-error it may be in conversations
  const endpoint: Endpoint | undefined = unit.endpointFromFlag('db.available');
  // @ts-expect-error the class says what it is
  const wrong: PerUnit & { host(): string } = unit.endpoint('db', PerUnit);
  // @ts-expect-error a charm class is no interface
  unit.endpoint('db', String);
  return [db.host(), found?.endpointName ?? null, endpoint?.endpointName ?? null, wrong.host()];
}
