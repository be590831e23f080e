import type { Query } from '@tanstack/react-query';

import { isPassing } from './errors';

const SECOND = 1000;
const FIRST = 2 * SECOND;
const LONGEST = 60 * SECOND;
const STOP_AFTER = 30 * 60 * SECOND;

// TanStack Query keeps the same object as long as the answer says the same: its age is how long nothing changed.
const firstSeen = new WeakMap<object, number>();

function unchangedFor(data: object, now: number): number {
  const since = firstSeen.get(data) ?? now;
  firstSeen.set(data, since);
  return now - since;
}

/** When to ask again, in ms: the longer nothing changes the later, and after half an hour not at all. */
export function pollAfter(data: object, now: number): number | false {
  const waited = unchangedFor(data, now);
  if (waited > STOP_AFTER) return false;
  return Math.min(Math.max(FIRST, waited / 2), LONGEST);
}

/** A `refetchInterval` that polls while the answer may change. */
export function pollWhile<Answer extends object>(mayChange: (answer: Answer) => boolean) {
  return ({ state: { data, error } }: Query<Answer, Error>): number | false => {
    if (error && !isPassing(error)) return false;
    if (!data) return LONGEST;
    return mayChange(data) && pollAfter(data, Date.now());
  };
}
