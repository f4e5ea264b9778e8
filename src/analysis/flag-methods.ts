/** What a method or function does with the flags it is given. */
export type FlagUse =
  | 'set'
  | 'set-for-hook'
  | 'clear'
  /** It asks for its first argument. */
  | 'read'
  /** It asks for each of its arguments. */
  | 'read-all'
  /** It asks for all that are set. */
  | 'list'
  | 'trigger';

type Uses = Readonly<Record<string, readonly FlagUse[]>>;

/** The methods of `unit.flags`. */
const UNIT_METHODS: Uses = {
  set: ['set'],
  setForHook: ['set-for-hook'],
  clear: ['clear'],
  toggle: ['set', 'clear'],
  isSet: ['read'],
  areAllSet: ['read-all'],
  isAnySet: ['read-all'],
  unset: ['read-all'],
  value: ['read'],
  list: ['list'],
  registerTrigger: ['trigger'],
};

/** Compat's functions. */
const FUNCTIONS: Uses = {
  set_flag: ['set'],
  set_state: ['set'],
  clear_flag: ['clear'],
  remove_state: ['clear'],
  toggle_flag: ['set', 'clear'],
  toggle_state: ['set', 'clear'],
  is_flag_set: ['read'],
  is_state: ['read'],
  get_state: ['read'],
  endpoint_from_flag: ['read'],
  relation_from_flag: ['read'],
  relation_from_state: ['read'],
  all_flags_set: ['read-all'],
  all_states: ['read-all'],
  any_flags_set: ['read-all'],
  any_states: ['read-all'],
  get_unset_flags: ['read-all'],
  get_flags: ['list'],
  get_states: ['list'],
  register_trigger: ['trigger'],
};

/** The methods of endpoints and conversations, in both styles of names. */
const ENDPOINT_METHODS: Uses = {
  setFlag: ['set'],
  setState: ['set'],
  clearFlag: ['clear'],
  removeState: ['clear'],
  toggleFlag: ['set', 'clear'],
  toggleState: ['set', 'clear'],
  isFlagSet: ['read'],
  isState: ['read'],
  registerTrigger: ['trigger'],
  set_flag: ['set'],
  set_state: ['set'],
  clear_flag: ['clear'],
  remove_state: ['clear'],
  toggle_flag: ['set', 'clear'],
  toggle_state: ['set', 'clear'],
  is_flag_set: ['read'],
  is_state: ['read'],
};

/** What a method of `unit.flags` does; undefined for one that is none. */
export const useOfUnitMethod = (name: string): readonly FlagUse[] | undefined => lookIn(UNIT_METHODS, name);

/** What a function of compat's does. */
export const useOfFunction = (name: string): readonly FlagUse[] | undefined => lookIn(FUNCTIONS, name);

/** What a method of an endpoint or a conversation does. */
export const useOfEndpointMethod = (name: string): readonly FlagUse[] | undefined =>
  lookIn(ENDPOINT_METHODS, name);

function lookIn(table: Uses, name: string): readonly FlagUse[] | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
