import { type Fields, field, type Field as NativeField } from '../endpoints/requests/field.ts';
import type { FieldHolder } from '../endpoints/requests/field-holder.ts';
import type { JsonValue } from '../store/python-json.ts';
// Gives Symbol.metadata to a runtime that has none, before any class is made.
import '../handlers/condition.ts';

/** A decorator for the accessors of a request or response that are its fields. */
export type FieldDecorator = <This extends FieldHolder, Value extends JsonValue | undefined>(
  target: null extends Value ? ClassAccessorDecoratorTarget<This, Value> : never,
  context: ClassAccessorDecoratorContext<This, Value> & { readonly static: false; readonly private: false },
) => ClassAccessorDecoratorResult<This, Value>;

/**
 * Declares a field of a request or a response, under its name on the wire:
 *
 *     class CertRequest extends BaseRequest<typeof CertResponse> {
 *       static override readonly RESPONSE_CLASS = CertResponse;
 *       @Field('the common name') accessor cn: string | null = null;
 *     }
 *
 * It reads as null where the other side left it out, and what the other side wrote is not checked. Writing to it
 * publishes, and throws a TypeError for what the other side made.
 */
export function Field(description: string): FieldDecorator {
  return ((_target: unknown, context: ClassAccessorDecoratorContext<FieldHolder, JsonValue>) => {
    const { name, metadata } = context;
    if (context.kind !== 'accessor' || typeof name !== 'string' || context.static || context.private) {
      throw new TypeError(
        `cannot use @Field on "${String(name)}": write @Field('…') accessor ${String(name)}: string | null = null`,
      );
    }
    const own = Object.hasOwn(metadata, FIELDS)
      ? (metadata[FIELDS] as Record<string, NativeField<JsonValue>>)
      : {};
    metadata[FIELDS] = { ...own, [name]: field(description) };
    return {
      get(this: FieldHolder) {
        return this.toJSON()[name] ?? null;
      },
      set(this: FieldHolder, value: JsonValue) {
        this.update({ [name]: value });
      },
    };
  }) as unknown as FieldDecorator;
}

const FIELDS = Symbol('fields');

/** The fields that a class and those it extends declare, by name; the base class's first. */
export function fieldsOf(holderClass: object): Fields {
  const chain: Fields[] = [];
  let metadata = Reflect.get(holderClass, Symbol.metadata) as DecoratorMetadataObject | null | undefined;
  while (metadata) {
    if (Object.hasOwn(metadata, FIELDS)) chain.unshift(metadata[FIELDS] as Fields);
    metadata = Object.getPrototypeOf(metadata) as DecoratorMetadataObject | null;
  }
  return Object.assign({}, ...chain) as Fields;
}
