import createClient, { type Client } from 'openapi-fetch';

import { refusal, ApiError, Unreachable } from './errors';
import type { paths } from './schema';
import type { ServerClock } from './serverClock';

export interface ConnectionOptions {
  /** Where the server is, such as `https://bookings.example.com`. */
  baseUrl: string;
  /** The customer's token, from wherever the app keeps it; null when nobody is signed in. */
  token: () => string | null | Promise<string | null>;
  /**
   * A random id of this installation, 15 to 64 letters, digits, - or _, made once and kept by the app. Should a payment
   * be disputed, it can show the bank that the same device paid before.
   */
  installId?: string;
  /** Called when the server no longer accepts the token. */
  onSignedOut?: () => void;
  timeoutMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

export type Http = Client<paths>;

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export type Send<T> = (signal: AbortSignal) => Promise<Reply<T>>;

/** The typed HTTP client: signs requests and learns the server's time from every answer. */
export function connect(options: ConnectionOptions, clock: ServerClock): Http {
  const http = createClient<paths>({
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    fetch: async (request) => {
      const sent = Date.now();
      const response = await (options.fetch ?? fetch)(request);
      const date = Date.parse(response.headers.get('Date') ?? '');
      clock.learn(date, { sent, received: Date.now() }, 1000);
      return response;
    },
  });
  http.use({
    async onRequest({ request }) {
      const token = await options.token();
      if (token) request.headers.set('Authorization', `Token ${token}`);
    },
    async onResponse({ request, response }) {
      const refused = response.status === 401 && request.headers.has('Authorization');
      if (refused && !(await isWrongPassword(response))) options.onSignedOut?.();
    },
  });
  return http;
}

/** The token is good; it was the password typed along with it that is wrong. */
async function isWrongPassword(response: Response): Promise<boolean> {
  const body: unknown = await response.clone().json().catch(() => null);
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 'invalid_credentials';
}

/** One request, with an end to waiting: its data, or ApiError, or Unreachable. */
export async function ask<T>(send: Send<T>, timeoutMs: number): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const { data, error, response } = await send(stop.signal);
    if (!response.ok) throw refusal(response, error);
    return data as T;
  } catch (error) {
    throw error instanceof ApiError ? error : new Unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}
