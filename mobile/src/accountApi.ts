import { ApiError, Unreachable } from './errors';

/** What the server waits for before somebody is signed in. */
export type Step = 'verify_email' | 'mfa_authenticate' | 'password_reset_by_code';

export interface Progress {
  /** The token of all other calls, once somebody is signed in. */
  token: string | null;
  waitsFor: Step | null;
}

export interface AccountApiOptions {
  /** Where the server is, such as `https://bookings.example.com`. */
  baseUrl: string;
  timeoutMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

interface Answer {
  status: number;
  data?: { flows?: { id: string; is_pending?: boolean }[] };
  meta?: { session_token?: string; access_token?: string };
  errors?: { message: string; code: string; param?: string }[];
}

const HERE = '/api/v1/accounts/app/v1/';
const STEPS: Step[] = ['verify_email', 'mfa_authenticate', 'password_reset_by_code'];
const WORDS: Record<string, string> = {
  email_password_mismatch: 'The e-mail address or the password is wrong.',
  username_password_mismatch: 'The user name or the password is wrong.',
  incorrect_code: 'That is not the code. Look into the mail again.',
  incorrect_password: 'The password is wrong.',
  enter_current_password: 'The password is wrong.',
  conflict: 'That took too long, or was tried too often. Start again.',
  account_inactive: 'This account is switched off.',
};

/**
 * Signing up and in, step by step (django-allauth's API for apps). The server remembers the steps under a session
 * that lives in this object only; what lasts is the token.
 */
export class AccountApi {
  private session: string | null = null;

  constructor(private readonly options: AccountApiOptions) {}

  signUp(body: { email: string; password: string; name?: string; language?: string }): Promise<Progress> {
    return this.begin('auth/signup', body);
  }

  signIn(who: string, password: string): Promise<Progress> {
    return this.begin('auth/login', who.includes('@') ? { email: who, password } : { username: who, password });
  }

  verify(code: string): Promise<Progress> {
    return this.post('auth/email/verify', { key: code });
  }

  resend(): Promise<Progress> {
    return this.post('auth/email/verify/resend', {});
  }

  secondStep(code: string): Promise<Progress> {
    return this.post('auth/2fa/authenticate', { code });
  }

  askForNewPassword(email: string): Promise<Progress> {
    return this.begin('auth/password/request', { email });
  }

  newPassword(code: string, password: string): Promise<Progress> {
    return this.post('auth/password/reset', { key: code, password });
  }

  /** Ends every token, this one too: sign in with the new password afterwards. */
  changePassword(token: string, current: string, next: string): Promise<Progress> {
    return this.begin('account/password/change', { current_password: current, new_password: next }, token);
  }

  private begin(path: string, body: object, token?: string): Promise<Progress> {
    this.session = null;
    return this.post(path, body, token);
  }

  private async post(path: string, body: object, token?: string): Promise<Progress> {
    const response = await this.send(path, body, token);
    const answer = await read(response);
    this.session = answer.meta?.session_token ?? this.session;
    // 401 without errors is allauth's way to say that a step is still to come.
    if (!response.ok && (response.status !== 401 || answer.errors)) throw refused(response, answer);
    return { token: answer.meta?.access_token ?? null, waitsFor: pending(answer) };
  }

  private async send(path: string, body: object, token?: string): Promise<Response> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (this.session) headers['X-Session-Token'] = this.session;
    if (token) headers['Authorization'] = `Token ${token}`;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.options.timeoutMs ?? 20_000);
    const url = this.options.baseUrl.replace(/\/+$/, '') + HERE + path;
    const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body), signal: stop.signal });
    try {
      return await (this.options.fetch ?? fetch)(request);
    } catch (error) {
      throw new Unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function read(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch {
    return { status: response.status };
  }
}

function pending(answer: Answer): Step | null {
  const flow = answer.data?.flows?.find(({ is_pending }) => is_pending)?.id;
  return STEPS.find((step) => step === flow) ?? null;
}

function refused(response: Response, answer: Answer): ApiError {
  const first = answer.errors?.[0];
  const wait = Number(response.headers.get('Retry-After') ?? NaN);
  const seconds = Number.isFinite(wait) ? wait : null;
  const code = first?.code ?? { 409: 'conflict', 410: 'conflict', 429: 'throttled' }[response.status] ?? 'unreadable';
  const detail = WORDS[code] ?? first?.message ?? tooMany(response.status, seconds);
  return new ApiError({ type: 'about:blank', title: '', status: response.status, code, detail }, seconds);
}

function tooMany(status: number, seconds: number | null): string {
  if (status === 429) return `Too many tries. Wait ${seconds ?? 60} seconds, then try again.`;
  return 'Something went wrong on our side. Try again in a moment.';
}
