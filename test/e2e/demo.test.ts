import { expect, test } from 'vitest';
import { runDemo } from './demo-process.ts';

test('the demo says what it lacks without redis-server, and shows the rest', async () => {
  const { code, output } = await runDemo({ PATH: '/nowhere-with-a-redis-server' });
  expect(output).toContain('redis-server is not installed');
  expect(output).toMatch(/Not shown: .*redis-server is not installed/);
  expect(output).toMatch(/guestbook\/0\* +waiting +idle/);
  expect(output).toMatch(/== Done/);
  expect(code).toBe(0);
});
