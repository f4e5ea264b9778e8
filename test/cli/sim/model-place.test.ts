import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModelPlace } from '../../../src/cli/sim/model-place.ts';

describe('which model is meant', () => {
  it('is what is given, else REACTIVE_MODEL, else dev', () => {
    const environment = { XDG_DATA_HOME: '/data', REACTIVE_MODEL: 'mine' };
    expect(findModelPlace('other', environment)).toEqual({
      name: 'other',
      folder: '/data/charms-reactive/models/other',
    });
    expect(findModelPlace(undefined, environment).name).toBe('mine');
    expect(findModelPlace(undefined, { HOME: '/home/me', REACTIVE_MODEL: '' })).toEqual({
      name: 'dev',
      folder: '/home/me/.local/share/charms-reactive/models/dev',
    });
  });

  it('is a folder where there is a slash in it, named after that where Juju has such names', () => {
    expect(findModelPlace('./some/place', {})).toEqual({ name: 'place', folder: resolve('some/place') });
    expect(findModelPlace('/tmp/Some_Place', {})).toEqual({ name: 'dev', folder: '/tmp/Some_Place' });
  });

  it.each(['Dev', 'my_model', '-x', 'a:b'])('is no %s, which Juju would not take', (name) => {
    expect(() => findModelPlace(name, {})).toThrow(`"${name}" is not a valid name`);
  });
});
