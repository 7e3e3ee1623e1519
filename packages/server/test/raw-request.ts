import { request as httpRequest } from 'node:http';
import { parseJson } from '@baton/protocol';

export interface Asked {
  method?: string;
  headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: Record<string, unknown>;
}

/** One HTTP request that may say anything in any header, Host and Origin included. */
export function request(port: number, path: string, asked: Asked = {}): Promise<Answer> {
  const text = typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body);
  const headers = {
    ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    // Node sends no body with DELETE unless it is told the length.
    ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    ...asked.headers,
  };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method: asked.method ?? 'GET', headers, agent: false };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body, json: toJson(body) });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

function toJson(text: string): Record<string, unknown> {
  const parsed = parseJson(text);
  return parsed.ok && typeof parsed.value === 'object' ? { ...parsed.value } : {};
}
