import { describe, expect, it } from 'vitest';
import { groupPorts } from '../../../src/simulator/report/port-groups.ts';

describe('groupPorts', () => {
  it.each([
    [[], ''],
    [['80/tcp', '443/tcp'], '80,443/tcp'],
    [['53/udp', '80/tcp', 'icmp'], '80/tcp 53/udp icmp'],
    [
      ['9998/tcp', '9999/tcp', '10000/tcp', '10002/tcp', '10003/tcp', '10004/tcp'],
      '9998-10000,10002-10004/tcp',
    ],
    [['9000-9010/tcp', '16379/tcp', '6379/tcp'], '6379,16379,9000-9010/tcp'],
  ])('makes of %j one cell: %s', (ports, cell) => {
    expect(groupPorts(ports)).toBe(cell);
  });
});
