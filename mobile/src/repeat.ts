import { ApiError, isPassing } from './errors';

export interface Patience {
  attempts: number;
  firstPauseMs: number;
  /** A server that asks for a longer pause than this gets none: the error goes to the caller. */
  longestPauseMs: number;
}

const PATIENCE: Patience = { attempts: 3, firstPauseMs: 400, longestPauseMs: 5_000 };

/** Call again, a few times, while the error may pass. Only for what is safe to repeat. */
export async function repeat<T>(call: () => Promise<T>, patience = PATIENCE): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const wait = pauseAfter(error, attempt, patience);
      if (attempt >= patience.attempts || !isPassing(error) || wait > patience.longestPauseMs) throw error;
      await pause(wait);
    }
  }
}

/** Doubling, with jitter so that many phones don't come back at once; never sooner than the server asks. */
export function pauseAfter(error: unknown, attempt: number, patience = PATIENCE): number {
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const own = Math.min(patience.firstPauseMs * 2 ** (attempt - 1), patience.longestPauseMs);
  return Math.max(asked, own * (0.5 + Math.random() / 2));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
