import { clear_flag, get_state, get_states, State, StateList, set_flag } from './flags.ts';

/** What charms still take from the reference's module `bus`, where flags once were; its other names are the framework's own. */
export const bus = Object.freeze({
  State,
  StateList,
  get_state,
  get_states,
  remove_state: clear_flag,
  set_state: set_flag,
});
