import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '@baton/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The built web pages. Only files that were found in the folder are served, so no path can lead out of it. */
export interface Pages {
  serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;
/** A file is looked for again this long after it was not there, since a build may have run meanwhile. */
const REREAD_MS = 1000;

const MISSING = `Baton is running, but its web pages are not built.

The API is at /api/v1 (see /api/v1/openapi.json). To get the pages, run "npm run build" and start again.
`;

interface Listing {
  readAt: number;
  files: ReadonlySet<string>;
}

export function createPages(webDir: string | undefined): Pages {
  let listing: Promise<Listing> | undefined;

  async function has(dir: string, file: string): Promise<ReadonlySet<string> | undefined> {
    listing ??= readListing(dir);
    let known = await listing;
    if (!known.files.has(file) && Date.now() - known.readAt > REREAD_MS) {
      listing = readListing(dir);
      known = await listing;
    }
    return known.files.has(file) ? known.files : undefined;
  }

  return {
    async serve(request, reply) {
      const wanted = toFile(request.url);
      if (webDir === undefined) return answerMissing(request, reply, wanted);
      const exact = wanted === '' ? undefined : await has(webDir, wanted);
      if (exact !== undefined && wanted !== 'index.html')
        return sendFile({ webDir, file: wanted, files: exact }, request, reply);
      if (!isNavigation(request, wanted)) throw toNotFound(wanted);
      const index = await has(webDir, 'index.html');
      if (index === undefined) return answerMissing(request, reply, wanted);
      void reply.header('cache-control', 'no-cache');
      return reply.type(TYPES['.html'] ?? '').send(await readFile(join(webDir, 'index.html')));
    },
  };
}

// A page of the app, not a file that is missing: an old script name must not be answered with HTML.
function isNavigation(request: FastifyRequest, wanted: string): boolean {
  const accept = request.headers.accept ?? '*/*';
  return extname(wanted) === '' || wanted === 'index.html' ? /text\/html|\*\/\*/.test(accept) : false;
}

function toNotFound(wanted: string): AppError {
  return new AppError('not-found', `There is nothing at "/${wanted.slice(0, 300)}"`);
}

function answerMissing(request: FastifyRequest, reply: FastifyReply, wanted: string): FastifyReply {
  if (!isNavigation(request, wanted)) throw toNotFound(wanted);
  return reply
    .code(wanted === '' ? 200 : 404)
    .type(TYPES['.txt'] ?? '')
    .header('cache-control', 'no-cache')
    .send(MISSING);
}

interface Found {
  webDir: string;
  file: string;
  files: ReadonlySet<string>;
}

async function sendFile(
  { webDir, file, files }: Found,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = ENCODINGS.find(({ name, suffix }) => accepts(accepted, name) && files.has(file + suffix));
  const path = join(webDir, file + (encoding?.suffix ?? ''));
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw toNotFound(file);
  void reply
    .type(TYPES[extname(file)] ?? 'application/octet-stream')
    // Built assets carry a hash of their content in their name.
    .header('cache-control', file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('vary', 'Accept-Encoding')
    .header('content-length', found.size);
  if (encoding !== undefined) void reply.header('content-encoding', encoding.name);
  return reply.send(request.method === 'HEAD' ? '' : createReadStream(path));
}

function accepts(header: string | string[], name: string): boolean {
  return String(header)
    .split(',')
    .some((part) => part.trim().split(';')[0] === name && !/;\s*q=0(\.0*)?$/.test(part.trim()));
}

function toFile(url: string): string {
  const path = url.split('?')[0] ?? '';
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    return path;
  }
}

async function readListing(dir: string): Promise<Listing> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    );
  return { readAt: Date.now(), files: new Set(files) };
}
