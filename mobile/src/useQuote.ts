import { useQuery, useQueryClient, type Query } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useBookingsContext } from './context';
import { inWords, useCountdown } from './countdown';
import { isPassing } from './errors';
import { keys } from './keys';
import type { Quote } from './types';

const REFRESH = 60_000;
// Our idea of the server's clock may be a little fast.
const PAST_THE_END = 1_000;

export interface LiveQuote {
  /** What cancelling now gives back, by the server; undefined while it is not known. */
  quote: Quote | undefined;
  error: Error | null;
  /** Milliseconds for which the full refund stands; null where there is none to lose. */
  fullRefundFor: number | null;
  /** "Full refund for 2 h 13 min more", or null. */
  countdown: string | null;
}

/** The quote of a booking that may be cancelled, asked anew every minute and when the full refund ends. */
export function useQuote(reference: string, { enabled }: { enabled: boolean }): LiveQuote {
  const { api } = useBookingsContext();
  const queryClient = useQueryClient();
  const { data: quote, error } = useQuery({
    queryKey: keys.quote(reference),
    queryFn: () => api.quote(reference),
    enabled,
    retry: false,
    refetchInterval,
  });
  const inTime = enabled && quote?.cancellable && quote.refund.rule === 'in_time';
  const left = useCountdown(inTime ? quote.refundable_until : null, api.clock);
  useEffect(() => {
    if (left !== 0) return;
    const ask = () => void queryClient.invalidateQueries({ queryKey: keys.quote(reference) });
    const timer = setTimeout(ask, PAST_THE_END);
    return () => clearTimeout(timer);
  }, [left, quote, queryClient, reference]);
  return { quote: enabled ? quote : undefined, error, fullRefundFor: left, countdown: words(left) };
}

function refetchInterval({ state: { data, error } }: Query<Quote, Error>): number | false {
  if (error && !isPassing(error)) return false;
  return data?.cancellable === false ? false : REFRESH;
}

function words(left: number | null): string | null {
  if (left === null) return null;
  return left > 0 ? `Full refund for ${inWords(left)} more` : 'Looking up what you would get back…';
}
