import type { MoveQuote, Problem, Quote, Slot } from './types';

/** The server said no. `code` is stable and documented; `message` is for people. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';

  constructor(
    readonly problem: Problem,
    /** How long the server asks us to wait before we try again. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** The refund is no longer what the customer agreed to. Nothing was cancelled; show them this quote. */
export class RefundChanged extends ApiError {
  override readonly name = 'RefundChanged';

  constructor(problem: Problem, readonly quote: Quote) {
    super(problem);
  }
}

/** Free cancellation would end at another time than was shown. Nothing was moved; show them this quote. */
export class TermsChanged extends ApiError {
  override readonly name = 'TermsChanged';

  constructor(problem: Problem, readonly quote: MoveQuote) {
    super(problem);
  }
}

/** The time is not one of the free ones. These are the nearest. */
export class NotOffered extends ApiError {
  override readonly name = 'NotOffered';

  constructor(problem: Problem, readonly nearest: Slot[]) {
    super(problem);
  }
}

/** No answer, or half of one: whether the server did what we asked is not known. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(cause: unknown) {
    super("We can't reach the server right now.", { cause });
  }
}

/** Stripe's PaymentSheet could not be set up. Nothing was charged. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
}

/** Might the same request get another answer a moment later? */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429;
  return error instanceof Unreachable;
}

/** The typed error for an answer that is not a success; `body` is whatever came with it. */
export function refusal(response: Response, body: unknown): ApiError {
  const problem = isProblem(body) ? body : unreadable(response);
  if (problem.code === 'refund_changed' && 'quote' in problem) {
    return new RefundChanged(problem, problem.quote as Quote);
  }
  if (problem.code === 'terms_changed' && 'quote' in problem) {
    return new TermsChanged(problem, problem.quote as MoveQuote);
  }
  if (problem.code === 'not_offered' && 'nearest' in problem) {
    return new NotOffered(problem, problem.nearest as Slot[]);
  }
  const wait = Number(response.headers.get('Retry-After') ?? NaN);
  return new ApiError(problem, Number.isFinite(wait) ? wait : null);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

/** A proxy's page, say: the status is all we know. */
function unreadable(response: Response): Problem {
  const detail = `The server answered ${response.status} without saying why.`;
  return { type: 'about:blank', title: '', status: response.status, code: 'unreadable', detail };
}
