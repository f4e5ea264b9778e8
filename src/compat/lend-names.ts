/**
 * Gives an object the members of a class that extends the object's own: for objects that the kernel makes. Once an object
 * has them, nothing happens.
 */
export function lendNames<T extends object>(target: object, namesClass: { readonly prototype: T }): T {
  if (!lent.has(target)) {
    const { constructor: _, ...names } = Object.getOwnPropertyDescriptors(namesClass.prototype) as Record<
      string,
      PropertyDescriptor
    >;
    Object.defineProperties(target, names);
    lent.add(target);
  }
  return target as T;
}

const lent = new WeakSet<object>();
