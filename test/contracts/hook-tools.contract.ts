import { describe, expect, it } from 'vitest';
import { describeTools, type MakeTools, MODEL, refusalOf } from './tools-under-test.ts';

/** Values that a reader of YAML, a shell or an argument parser would spoil. */
const HARD_VALUES: readonly string[] = [
  'yes',
  'no',
  'null',
  '~',
  'true',
  '1.50',
  '0x10',
  '1:20',
  '2001-01-01',
  '-',
  '--',
  '- a',
  '# no comment',
  'a: b',
  '{a: b}',
  '[1]',
  '&a',
  '*a',
  '!!str x',
  '|',
  '>',
  '%x',
  '@x',
  '`x`',
  "'",
  '"',
  '\\',
  '\\n',
  '$HOME',
  '$(id)',
  'a=b',
  '=',
  ' ',
  ' a ',
  '\t',
  '\n',
  'a\nb\n',
  '\r\n',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\x7f',
  '\x01',
  'é',
  '€',
  '😀',
  '<<',
  '...',
  '---',
  '{"a": "é\\u00e9"}',
];

/** The rules that every implementation of `HookTools` keeps, whatever stands behind it. */
export function describeHookTools(name: string, make: MakeTools): void {
  describeTools(name, make, (begin) => {
    describe('relations', () => {
      it('are listed by endpoint as text orders them, and not those of another endpoint', () => {
        const { tools } = begin();
        expect(tools.relationIds('db')).toEqual(['db:10', 'db:2']);
        expect(tools.relationIds('db2')).toEqual(['db2:3']);
        expect(tools.relationIds('unknown')).toEqual([]);
      });

      it('list the units that joined as text orders them, without those that left or ourselves', () => {
        const { tools } = begin();
        expect(tools.relationList('db:2')).toEqual(['redis/10', 'redis/2']);
        expect(tools.relationList('db:10')).toEqual([]);
        expect(tools.relationList('ring:4')).toEqual(['web/0']);
      });

      it('name the application on the other side, our own for peers', () => {
        const { tools } = begin();
        expect(tools.relationApplication('db:2')).toBe('redis');
        expect(tools.relationApplication('db:10')).toBe('other');
        expect(tools.relationApplication('ring:4')).toBe('web');
      });

      it('that are gone are refused with exit code 2, and are known to be gone', () => {
        const { tools } = begin();
        const asked = [
          () => tools.relationList('db:99'),
          () => tools.relationApplication('db:99'),
          () => tools.relationGet({ relationId: 'db:99', member: 'redis/2' }),
          () => tools.relationSet({ relationId: 'db:99' }, { a: '1' }),
        ];
        for (const ask of asked)
          expect(refusalOf(ask)).toMatchObject({ exitCode: 2, isGone: true, isNotFound: false });
      });
    });

    describe('databags', () => {
      it('of remote units are read whole, of those that left too', () => {
        const { tools } = begin();
        const bagOf = (member: string) => ({ ...tools.relationGet({ relationId: 'db:2', member }) });
        expect(bagOf('redis/10')).toEqual({ host: '"10.0.0.10"', empty: ' ' });
        expect(bagOf('redis/7')).toEqual({ host: '"10.0.0.7"' });
        expect(tools.relationGet({ relationId: 'db2:3', member: 'mysql/0' })).toEqual({});
      });

      it('of remote applications are read, empty ones too', () => {
        const { tools } = begin();
        expect(tools.relationGet({ relationId: 'db:2', member: 'redis', app: true })).toEqual({
          leader: 'redis/2',
        });
        expect(tools.relationGet({ relationId: 'db:10', member: 'other', app: true })).toEqual({});
      });

      it('of strangers are refused, and known to be gone', () => {
        const { tools } = begin();
        for (const owner of [{ member: 'redis/99' }, { member: 'stranger', app: true }])
          expect(refusalOf(() => tools.relationGet({ relationId: 'db:2', ...owner }))).toMatchObject({
            exitCode: 1,
            isGone: true,
          });
      });

      it('are undefined where the call is malformed, such as an application asked for as a unit', () => {
        const { tools } = begin();
        expect(tools.relationGet({ relationId: 'db:2', member: 'redis' })).toBeUndefined();
      });

      it('of our own application are for the leader to read, and for peers', () => {
        const follower = begin().tools;
        expect(
          refusalOf(() => follower.relationGet({ relationId: 'db:2', member: 'web', app: true })).exitCode,
        ).toBe(1);
        expect(follower.relationGet({ relationId: 'ring:4', member: 'web', app: true })).toEqual({
          size: '2',
        });
        const leader = begin({ isLeader: true }).tools;
        expect(leader.relationGet({ relationId: 'db:2', member: 'web', app: true })).toEqual({});
        expect(leader.relationGet({ relationId: 'ring:4', member: 'web', app: true })).toEqual({ size: '2' });
      });

      it('of our own are empty at first, then show what this hook wrote', () => {
        const { tools } = begin();
        const mine = { relationId: 'db:2', member: 'web/1' };
        expect(tools.relationGet(mine)).toEqual({});
        tools.relationSet({ relationId: 'db:2' }, { a: '1', b: '2' });
        expect(tools.relationGet(mine)).toEqual({ a: '1', b: '2' });
        expect(tools.relationGet({ ...mine, relationId: 'db:10' })).toEqual({});
      });

      it('are merged into: other keys stay, and the empty text removes one', () => {
        const { tools, commit } = begin();
        const mine = { relationId: 'db:2', member: 'web/1' };
        tools.relationSet({ relationId: 'db:2' }, { a: '1', b: '2', c: '3' });
        commit();
        tools.relationSet({ relationId: 'db:2' }, { b: '', c: '4', missing: '' });
        tools.relationSet({ relationId: 'db:2' }, { d: '5' });
        tools.relationSet({ relationId: 'db:2' }, {});
        expect(tools.relationGet(mine)).toEqual({ a: '1', c: '4', d: '5' });
        commit();
        expect(tools.relationGet(mine)).toEqual({ a: '1', c: '4', d: '5' });
      });

      it('keep what a hook wrote only when it succeeds', () => {
        const { tools, commit, rollback } = begin({ isLeader: true });
        const mine = { relationId: 'db:2', member: 'web/1' };
        const ours = { relationId: 'db:2', member: 'web', app: true };
        tools.relationSet({ relationId: 'db:2' }, { a: '1' });
        tools.relationSet({ relationId: 'db:2', app: true }, { x: '1' });
        commit();
        tools.relationSet({ relationId: 'db:2' }, { a: '2', b: '2' });
        tools.relationSet({ relationId: 'db:2', app: true }, { x: '' });
        rollback();
        expect(tools.relationGet(mine)).toEqual({ a: '1' });
        expect(tools.relationGet(ours)).toEqual({ x: '1' });
      });

      it('of the application and of the unit are two', () => {
        const { tools, commit } = begin({ isLeader: true });
        tools.relationSet({ relationId: 'db:2', app: true }, { x: '1' });
        tools.relationSet({ relationId: 'db:2' }, { a: '1' });
        commit();
        expect(tools.relationGet({ relationId: 'db:2', member: 'web', app: true })).toEqual({ x: '1' });
        expect(tools.relationGet({ relationId: 'db:2', member: 'web/1' })).toEqual({ a: '1' });
      });

      it('of the application lose keys from earlier hooks too, among peers', () => {
        const { tools, commit } = begin({ isLeader: true });
        const ours = { relationId: 'ring:4', member: 'web', app: true };
        tools.relationSet({ relationId: 'ring:4', app: true }, { size: '', color: 'red' });
        expect(tools.relationGet(ours)).toEqual({ color: 'red' });
        commit();
        expect(tools.relationGet(ours)).toEqual({ color: 'red' });
      });

      it('of the application are for the leader to write', () => {
        const { tools } = begin();
        const refusal = refusalOf(() => tools.relationSet({ relationId: 'db:2', app: true }, { x: '1' }));
        expect(refusal).toMatchObject({ exitCode: 1, isGone: false, isRefused: true });
        expect(refusal.message).toContain('cannot write relation settings');
      });

      it('keep every value to the letter', () => {
        const { tools, commit } = begin();
        const settings = Object.fromEntries(HARD_VALUES.map((value, index) => [`key${index}`, value]));
        tools.relationSet({ relationId: 'db:2' }, settings);
        commit();
        expect({ ...tools.relationGet({ relationId: 'db:2', member: 'web/1' }) }).toEqual(settings);
      });

      it('keep every key to the letter', () => {
        const { tools, commit } = begin();
        const keys = HARD_VALUES.filter((key) => key.trim() === key && !key.includes('='));
        const settings = Object.fromEntries(keys.map((key, index) => [key, String(index)]));
        tools.relationSet({ relationId: 'db:2' }, settings);
        commit();
        expect({ ...tools.relationGet({ relationId: 'db:2', member: 'web/1' }) }).toEqual(settings);
      });

      it('take values of a megabyte', () => {
        const { tools } = begin();
        const value = 'é😀x'.repeat(150_000);
        tools.relationSet({ relationId: 'db:2' }, { value });
        expect(tools.relationGet({ relationId: 'db:2', member: 'web/1' })?.value === value).toBe(true);
      });
    });

    describe('config', () => {
      it('gives every option, unset ones as null, values with their types', () => {
        expect({ ...begin().tools.configGet() }).toEqual(MODEL.config);
      });

      it('is a fresh copy each time', () => {
        const { tools } = begin();
        tools.configGet().port = 1;
        expect(tools.configGet().port).toBe(80);
      });
    });

    describe('status', () => {
      it('is told at once and kept when the hook fails', () => {
        const { tools, rollback } = begin();
        tools.statusSet('blocked', '--message with "quotes", é and\na second line');
        rollback();
        expect(tools.statusGet()).toEqual({
          status: 'blocked',
          message: '--message with "quotes", é and\na second line',
        });
        tools.statusSet('active', '');
        rollback();
        expect(tools.statusGet()).toEqual({ status: 'active', message: '' });
      });

      it('is unknown at first', () => {
        expect(begin().tools.statusGet()).toEqual({ status: 'unknown', message: '' });
      });

      it('of the application is for the leader to tell', () => {
        const follower = begin();
        const refusal = refusalOf(() => follower.tools.statusSet('active', 'x', { application: true }));
        expect(refusal).toMatchObject({ exitCode: 1, isRefused: true });
        const leader = begin({ isLeader: true });
        leader.tools.statusSet('waiting', 'all', { application: true });
        expect(leader.told().applicationStatus).toEqual({ status: 'waiting', message: 'all' });
        expect(leader.tools.statusGet().status).toBe('unknown');
      });

      it('has the version of the workload beside it, at once', () => {
        const { tools, told, rollback } = begin();
        tools.applicationVersionSet('-1.0 beta');
        rollback();
        expect(told().applicationVersion).toBe('-1.0 beta');
        tools.applicationVersionSet('');
        expect(told().applicationVersion).toBe('');
      });
    });

    describe('leadership', () => {
      it('is told apart', () => {
        expect(begin().tools.isLeader()).toBe(false);
        expect(begin({ isLeader: true }).tools.isLeader()).toBe(true);
      });

      it('lets everyone read the settings', () => {
        expect({ ...begin().tools.leaderGet() }).toEqual({ token: 'abc' });
        expect({ ...begin({ leaderSettings: {} }).tools.leaderGet() }).toEqual({});
      });

      it('lets the leader merge into the settings, at once and kept when the hook fails', () => {
        const { tools, rollback } = begin({ isLeader: true });
        tools.leaderSet({ a: '1', '-b': 'x=y', c: '--d' });
        tools.leaderSet({ token: '', a: '2', missing: '' });
        rollback();
        expect({ ...tools.leaderGet() }).toEqual({ a: '2', '-b': 'x=y', c: '--d' });
      });

      it('trims the space around its settings, as leader-set does', () => {
        const { tools } = begin({ isLeader: true, leaderSettings: {} });
        tools.leaderSet({ a: '  two words\n', b: '   ' });
        expect({ ...tools.leaderGet() }).toEqual({ a: 'two words' });
      });

      it.each(['a=b', '', ' '])('refuses the key "%s", which leader-set cannot be given', (key) => {
        const { tools } = begin({ isLeader: true });
        const refusal = refusalOf(() => tools.leaderSet({ good: '1', [key]: 's3cret' }));
        expect(refusal).toMatchObject({ exitCode: 2, isRefused: false });
        expect(refusal.message).not.toContain('s3cret');
        expect({ ...tools.leaderGet() }).toEqual({ token: 'abc' });
      });

      it('lets nobody else write them', () => {
        const { tools } = begin();
        const refusal = refusalOf(() => tools.leaderSet({ a: 's3cret' }));
        expect(refusal).toMatchObject({ exitCode: 1, isRefused: true, isGone: false, isNotFound: false });
        expect(refusal.message).toContain('not the leader');
        expect(refusal.message).not.toContain('s3cret');
        expect({ ...tools.leaderGet() }).toEqual({ token: 'abc' });
      });
    });

    describe('ports', () => {
      it('are open for this hook at once, and for good when it succeeds', () => {
        const { tools, commit, rollback } = begin();
        expect(tools.openedPorts()).toEqual([]);
        tools.openPort('80');
        expect(tools.openedPorts()).toEqual(['80/tcp']);
        commit();
        tools.openPort('81/tcp');
        tools.closePort('80/tcp');
        expect(tools.openedPorts()).toEqual(['81/tcp']);
        rollback();
        expect(tools.openedPorts()).toEqual(['80/tcp']);
        tools.closePort('80');
        commit();
        expect(tools.openedPorts()).toEqual([]);
      });

      it('take every form of Juju, in either case, and count once', () => {
        const { tools } = begin();
        for (const spec of ['80', '80/TCP', '80/tcp', '1000-2000/UDP', 'ICMP', 'icmp']) tools.openPort(spec);
        expect([...tools.openedPorts()].sort()).toEqual(['1000-2000/udp', '80/tcp', 'icmp']);
      });

      it('are open for every endpoint, or for those that are named', () => {
        const { tools, commit } = begin();
        tools.openPort('80', { endpoints: ['db', 'ring'] });
        tools.openPort('81');
        expect(tools.openedPorts()).toEqual(['80/tcp', '81/tcp']);
        tools.closePort('80', { endpoints: ['db'] });
        tools.closePort('81', { endpoints: ['db'] });
        commit();
        expect(tools.openedPorts()).toEqual(['80/tcp', '81/tcp']);
        tools.closePort('80', { endpoints: ['ring'] });
        tools.openPort('82', { endpoints: ['db'] });
        tools.closePort('82');
        expect(tools.openedPorts()).toEqual(['81/tcp']);
      });

      it('that overlap others of the same protocol are refused with exit code 1', () => {
        const { tools } = begin();
        tools.openPort('80-90');
        tools.openPort('85/udp');
        for (const spec of ['90', '70-80/tcp', '1-100', '81-82/tcp']) {
          const refusal = refusalOf(() => tools.openPort(spec));
          expect(refusal).toMatchObject({ exitCode: 1, isRefused: false });
          expect(refusal.message).toContain('port range conflicts with 80-90/tcp');
        }
        expect(tools.openedPorts()).toEqual(['80-90/tcp', '85/udp']);
      });

      it('that are not open may be closed', () => {
        const { tools } = begin();
        tools.closePort('80');
        expect(tools.openedPorts()).toEqual([]);
      });

      it('are listed by protocol, then by number', () => {
        const { tools } = begin();
        for (const spec of ['8080', '53/udp', '443', '80', '1000-2000/udp']) tools.openPort(spec);
        expect(tools.openedPorts()).toEqual(['80/tcp', '443/tcp', '8080/tcp', '53/udp', '1000-2000/udp']);
      });

      it.each(['http', '', '80/http', '70000', '80-x/tcp'])(
        'that are none are refused with exit code 2: "%s"',
        (spec) => {
          const { tools } = begin();
          expect(refusalOf(() => tools.openPort(spec)).exitCode).toBe(2);
          expect(tools.openedPorts()).toEqual([]);
        },
      );
    });

    describe('addresses', () => {
      it('of a binding are those of the unit', () => {
        const { tools } = begin();
        for (const answer of [tools.networkGet('db'), tools.networkGet('db', { relationId: 'db:2' })]) {
          expect(answer['ingress-addresses']).toEqual(['10.0.0.1']);
          expect(answer['egress-subnets']).toEqual(['10.0.0.1/32']);
          expect(answer['bind-addresses']?.[0]?.addresses?.[0]?.value).toBe('10.0.0.1');
        }
      });

      it('of the unit are given by kind', () => {
        const { tools } = begin();
        expect(tools.unitGet('private-address')).toBe('10.0.0.1');
        expect(tools.unitGet('public-address')).toBe('10.0.0.1');
      });

      it('that are not known are refused', () => {
        const { tools } = begin({ address: '' });
        expect(refusalOf(() => tools.unitGet('public-address'))).toMatchObject({
          exitCode: 1,
          isNotFound: true,
        });
      });
    });

    describe('the log', () => {
      it('takes any message at any level, at once, in order', () => {
        const { tools, told, rollback } = begin();
        const lines = [
          { level: 'DEBUG', message: '--help' },
          { level: 'INFO', message: '-l ERROR "quoted" $HOME `id`' },
          { level: 'WARNING', message: 'a\nb\n' },
          { level: 'ERROR', message: 'é😀\t' },
          { level: 'INFO', message: '' },
        ] as const;
        for (const { level, message } of lines) tools.log(message, level);
        rollback();
        expect(told().logged).toEqual(lines);
      });

      it('takes messages of a megabyte without losing a character', () => {
        const { tools, told } = begin();
        const message = 'é€😀x'.repeat(100_000);
        tools.log(message, 'INFO');
        expect(
          told()
            .logged.map((line) => line.message)
            .join('') === message,
        ).toBe(true);
        expect(new Set(told().logged.map(({ level }) => level))).toEqual(new Set(['INFO']));
      });

      it('takes a message with a NUL in it, which no argument of a process can hold', () => {
        const { tools, told } = begin();
        tools.log('before\0after', 'INFO');
        expect(told().logged).toHaveLength(1);
        expect(told().logged[0]?.message).toMatch(/^before.*after$/s);
      });
    });

    it('keeps answers apart: changing one changes no other', () => {
      const { tools } = begin();
      tools.relationIds('db').push('db:3');
      tools.relationList('db:2').push('redis/3');
      Object.assign(tools.relationGet({ relationId: 'db:2', member: 'redis/2' }) ?? {}, { host: 'changed' });
      Object.assign(tools.leaderGet(), { token: 'changed' });
      Object.assign(tools.statusGet(), { status: 'changed' });
      (tools.networkGet('db')['ingress-addresses'] as string[]).push('changed');
      tools.openedPorts().push('80/tcp');
      expect(tools.relationIds('db')).toEqual(['db:10', 'db:2']);
      expect(tools.relationList('db:2')).toEqual(['redis/10', 'redis/2']);
      expect({ ...tools.relationGet({ relationId: 'db:2', member: 'redis/2' }) }).toEqual({
        host: '"10.0.0.2"',
      });
      expect({ ...tools.leaderGet() }).toEqual({ token: 'abc' });
      expect(tools.statusGet().status).toBe('unknown');
      expect(tools.networkGet('db')['ingress-addresses']).toEqual(['10.0.0.1']);
      expect(tools.openedPorts()).toEqual([]);
    });
  });
}
