import { useQuery } from '@tanstack/react-query';

import { useBookingsContext } from './context';
import { keys } from './keys';
import { pollWhile } from './polling';
import type { Booking, RefundStatus } from './types';
import { useCancellation, type Cancellation } from './useCancellation';
import { useQuote, type LiveQuote } from './useQuote';

export interface LiveBooking extends LiveQuote {
  booking: Booking | undefined;
  /** The refund's progress; `message` is the server's words, to be shown as they are. */
  refund: RefundStatus | undefined;
  cancellation: Cancellation;
  refetch: () => Promise<unknown>;
}

const FINAL = ['cancelled', 'expired', 'completed', 'no_show'];
const MOVING = ['in_progress', 'delayed', 'disputed'];

/** A booking, live: what it is, what cancelling it gives back, and where its money is. */
export function useBooking(reference: string): LiveBooking {
  const { api } = useBookingsContext();
  const booking = useQuery({
    queryKey: keys.booking(reference),
    queryFn: () => api.booking(reference),
    retry: false,
    refetchInterval: pollWhile<Booking>(({ status }) => !FINAL.includes(status)),
  });
  const status = booking.data?.status;
  const refund = useQuery({
    queryKey: keys.refund(reference),
    queryFn: () => api.refundStatus(reference),
    enabled: status !== undefined && status !== 'pending_payment',
    retry: false,
    refetchInterval: pollWhile<RefundStatus>(({ status }) => MOVING.includes(status)),
  });
  const quote = useQuote(reference, { enabled: status !== undefined && !FINAL.includes(status) });
  return {
    ...quote,
    booking: booking.data,
    error: booking.error ?? quote.error ?? refund.error,
    refund: refund.data,
    cancellation: useCancellation(reference),
    refetch: () => Promise.all([booking.refetch(), refund.refetch()]),
  };
}
