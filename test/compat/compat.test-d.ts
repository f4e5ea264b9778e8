/** The Python names: what they take and give, by their types. Nothing here is run. */
import type { EndpointContext, JsonValue } from 'charms-reactive';
import {
  BaseRequest,
  BaseResponse,
  type Conversation,
  Endpoint,
  endpoint_from_flag,
  endpoint_from_name,
  Field,
  get_state,
  hook,
  hookenv,
  not_unless,
  only_once,
  RelationBase,
  RequesterEndpoint,
  ResponderEndpoint,
  register_trigger,
  relation_call,
  set_flag,
  toggle_flag,
  unit,
  unitdata,
  when,
  when_file_changed,
} from 'charms-reactive/compat';

class Db extends Endpoint {
  constructor(context: EndpointContext) {
    super(context);
  }

  @when('endpoint.{endpoint_name}.joined')
  @only_once
  joined(): void {
    for (const relation of this.relations) {
      const id: string = relation.relation_id;
      const name: string | null = relation.application_name;
      relation.to_publish[id] = { name };
      relation.to_publish_raw.port = '80';
      // @ts-expect-error raw data is text
      relation.to_publish_raw.port = 80;
      for (const remote of relation.joined_units) {
        const value: JsonValue = remote.received.host ?? null;
        const text: string | null = remote.received_raw.host ?? null;
        // @ts-expect-error what the other side wrote is not ours to change
        remote.received.host = value;
        void text;
        void remote.relation.endpoint.expand_name('a');
      }
      // @ts-expect-error the list is looked up by get
      relation.joined_units['mysql/0'];
    }
    // @ts-expect-error lists of relations cannot be changed, and have no units
    this.relations.unit_name;
    for (const [name, departed] of this.all_departed_units.items()) void [name.length, departed.unit_name];
  }

  // @ts-expect-error a handler takes no arguments
  @when('endpoint.{endpoint_name}.joined')
  withArgument(value: string): void {
    void value;
  }

  // @ts-expect-error a handler cannot be static
  @hook('install')
  static install(): void {}

  @not_unless('a')
  guarded(port: number): string {
    return String(port);
  }

  override manage_flags(): void {
    const text: string = this.guarded(80);
    // @ts-expect-error a guarded method takes what it took
    this.guarded('80');
    void text;
  }
}

class Plain {
  // @ts-expect-error only a Layer or an Endpoint has handlers
  @when('a')
  start(): void {}
}

class Store extends RelationBase {
  static override readonly scope = 'mine';
  declare readonly host: () => string | null;

  @hook('{requires:store}-relation-joined')
  joined(): void {
    const conversation: Conversation = this.conversation();
    const text: string | null = conversation.get_remote('a');
    const number: string | number = this.get_remote('port', 80);
    conversation.set_remote({ a: 1, b: undefined });
    this.toggle_state('{relation_name}.up', [text, number, this.host()]);
    // @ts-expect-error a state is a text
    this.set_state(1);
    // @ts-expect-error functions cannot be published
    this.set_remote('a', () => 1);
  }
}

class Answer extends BaseResponse {
  @Field('what is said') accessor text: string | null = null;
  // @ts-expect-error a field may be missing, and reads as null then
  @Field('never null') accessor count: number = 0;
}

class Question extends BaseRequest<typeof Answer> {
  static override readonly RESPONSE_CLASS = Answer;
  @Field('what is asked') accessor about: string | null = null;
  @Field('when') accessor when: number | null = null;
  // @ts-expect-error only an accessor can be a field
  @Field('no accessor') plain: string | null = null;
}

class Asks extends RequesterEndpoint<typeof Question> {
  static override readonly REQUEST_CLASS = Question;

  ask(): void {
    const [relation] = this.relations;
    if (!relation) return;
    const request: Question = Question.create(relation, { about: 'rain', request_id: 'r1' });
    const text: string | null | undefined = request.response?.text;
    Question.create_or_update({ match_fields: ['about'], relation, about: 'rain', when: 3 });
    // @ts-expect-error there is no such field
    Question.create(relation, { abuot: 'rain' });
    // @ts-expect-error the field is a text
    Question.create(relation, { about: 3 });
    // @ts-expect-error it is matched by fields
    Question.create_or_update({ match_fields: ['abuot'], relation });
    // @ts-expect-error there is no such field
    Question.find({ abuot: 'rain' });
    const found: Question | undefined = Question.find({ about: 'rain', relation });
    const all: Question[] = Question.find_all({ when: 3 });
    const answer: Answer | undefined = this.response_by_field({ about: 'rain' });
    void [text, found, all, answer, this.responses.map((response) => response.request.about)];
  }
}

class Answers extends ResponderEndpoint<typeof Question> {
  static override readonly REQUEST_CLASS = Question;

  answer(): void {
    for (const request of this.new_requests) {
      const about: string | null = request.about;
      request.create_response({ text: about });
      // @ts-expect-error there is no such field
      request.create_response({ txet: about });
      // @ts-expect-error the field is a text
      Answer.create(request, { text: 3 });
    }
  }
}

const start = when('db.available')(async function start(db: Db, store?: Store) {
  return [db.endpoint_name, store?.relation_name];
});
const started: Promise<(string | undefined)[]> = start(endpoint_from_name('db', Db) as Db);

// @ts-expect-error a decorated function takes what it took
start('db');
// @ts-expect-error what is decorated is a function
when('a')('start');
// @ts-expect-error flags are texts
when(1);
// @ts-expect-error a value is JSON
set_flag('a', () => 1);
// @ts-expect-error a trigger waits for flags
register_trigger({ when: 1, set_flag: 'b' });
// @ts-expect-error Python calls it when_not
register_trigger({ whenNot: 'a', set_flag: 'b' });
// @ts-expect-error the option of Python is called hash_type
when_file_changed('a', { hash: 'sha256' });
// @ts-expect-error a class that is no endpoint
endpoint_from_name('db', Plain);
// @ts-expect-error Juju has no such status
hookenv.status_set('fine', 'all is well');
// @ts-expect-error the whole config is an object
hookenv.config().toFixed();
// @ts-expect-error unit data is JSON
unitdata.kv().set('a', undefined);
// @ts-expect-error which endpoint is an object
relation_call('ask', 'db');

toggle_flag('a', [1]);
toggle_flag('b', undefined);
only_once(function seed() {});
only_once()(function grow() {});
hookenv.atexit((flag: string, times: number) => void [flag, times], 'a', 2);
// @ts-expect-error the callback is given what it takes
hookenv.atexit((flag: string) => void flag, 2);

const db: Db | null = endpoint_from_flag('db.available', Db);
const own: Store | null = Store.from_name('store');
const value: JsonValue = get_state('a', 5);
const previous: string | number | boolean | null = hookenv.config().previous('port');
const kept: number = unitdata.kv().set('a', 5);
const name: string = unit().name;
void [started, db, own, value, previous, kept, name, Asks, Answers];
