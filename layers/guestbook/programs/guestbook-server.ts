/**
 * The guestbook's web server, started by the charm: `guestbook-server SETTINGS_FILE`. It works until SIGTERM ends it.
 */
import { readFileSync } from 'node:fs';
import { Entries } from '../lib/entries.ts';
import type { GuestbookSettings } from '../lib/settings.ts';
import { createWebServer } from '../lib/web-server.ts';

const [, , file = ''] = process.argv;
const { host, port, title, redis, key, shown } = JSON.parse(readFileSync(file, 'utf8')) as GuestbookSettings;
// Standard error is the server's log file.
const log = console.error;
const entries = new Entries({ redis, key, shown, log });
const server = createWebServer({ title, entries, log });

await entries.connect();
server.listen(port, host, () => log(`serving on ${host}:${port}`));

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  entries.close();
});
