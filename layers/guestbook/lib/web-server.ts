import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Entries } from './entries.ts';
import { EntryError, makeEntry } from './entry.ts';
import { renderPage } from './page.ts';

/** What the website is made of. */
export interface Website {
  readonly title: string;
  readonly entries: Pick<Entries, 'add' | 'list'>;
  /** Told why a request could not be answered. */
  readonly log: (message: string) => void;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Route = (website: Website, request: IncomingMessage) => Answer | Promise<Answer>;

const MAX_BODY_BYTES = 64 * 1024;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/': { GET: showPage },
  '/entries': { GET: listEntries, POST: addEntry },
  '/health': { GET: () => json(200, { status: 'up' }) },
};

/**
 * The website, as a server that is still to listen:
 *
 *     GET  /          the page
 *     GET  /entries   the entries, as JSON
 *     POST /entries   adds one, JSON or the page's form: 201, or 303 back to the page
 *     GET  /health    200 while the server is up, whatever redis does
 *
 * 400 for what is no entry, 413 for what is too long, 503 where redis cannot be reached.
 */
export function createWebServer(website: Website): Server {
  return createServer((request, response) => {
    answer(website, request)
      .catch((error: unknown) => describeError(website, error))
      .then((found) => send(response, found));
  });
}

async function answer(website: Website, request: IncomingMessage): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?');
  const methods = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (!methods) return json(404, { error: `there is nothing at "${path}"` });
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  const route = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (route) return route(website, request);
  const allow = Object.keys(methods).join(', ');
  return { ...json(405, { error: `"${path}" takes ${allow} only` }), headers: { allow } };
}

async function showPage({ title, entries }: Website): Promise<Answer> {
  const body = renderPage({ title, entries: await entries.list() });
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

async function listEntries({ entries }: Website): Promise<Answer> {
  return json(200, await entries.list());
}

async function addEntry({ entries }: Website, request: IncomingMessage): Promise<Answer> {
  const text = await readBody(request);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  const entry = makeEntry(isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text));
  await entries.add(entry);
  return isForm ? { status: 303, headers: { location: '/' } } : json(201, entry);
}

class BodyError extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read to the end even so: who is still sending does not see the answer.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BODY_BYTES)
    throw new BodyError(`cannot add the entry: it is over ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EntryError('cannot add the entry: it is no JSON');
  }
}

function describeError({ log }: Website, error: unknown): Answer {
  if (error instanceof EntryError) return json(400, { error: error.message });
  if (error instanceof BodyError) return json(413, { error: error.message });
  log(error instanceof Error ? error.message : String(error));
  return json(503, { error: 'redis, where the entries are, cannot be reached; try again later' });
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function send(
  response: ServerResponse,
  { status, type = 'text/plain', body = '', headers = {} }: Answer,
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': "default-src 'none'; form-action 'self'",
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}
