import { useEffect, useState } from 'react';

import type { ServerClock } from './serverClock';

const MINUTE = 60_000;

/** Milliseconds until a time on the server's clock, never below 0; renders again every minute and at 0. */
export function useCountdown(until: string | null, clock: ServerClock): number | null {
  const [, tick] = useState(0);
  const left = until === null ? null : Math.max(0, Date.parse(until) - clock.now());
  useEffect(() => {
    if (!left) return;
    const timer = setTimeout(() => tick((ticks) => ticks + 1), untilNextMinute(left));
    return () => clearTimeout(timer);
  });
  return left;
}

function untilNextMinute(left: number): number {
  return left % MINUTE || MINUTE;
}

/** "2 h 13 min", rounded down: it never promises more time than there is. */
export function inWords(ms: number): string {
  const minutes = Math.floor(ms / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return 'less than a minute';
  return [hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(' ');
}
