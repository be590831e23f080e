import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Target } from './api';
import { useBookingsContext } from './context';
import { TermsChanged } from './errors';
import { keys } from './keys';
import type { Booking, MoveQuote } from './types';

export interface Move {
  /** What moving to the chosen time would mean, by the server; null until `look` was answered. */
  quote: MoveQuote | null;
  /** Asks what moving there would mean; changes nothing. */
  look: (target: Target) => void;
  /** Moves to where was looked, on the terms that were shown. Tapped twice it is moved once. */
  confirm: () => void;
  /** The terms are others than were shown: nothing was moved, and `quote` is the new one. */
  termsChanged: boolean;
  busy: boolean;
  error: Error | null;
  moved: Booking | null;
}

/** Moving a booking: look first, then confirm what was shown. */
export function useMove(reference: string): Move {
  const { api } = useBookingsContext();
  const queryClient = useQueryClient();
  const [quote, setQuote] = useState<MoveQuote | null>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const looking = useMutation({
    mutationFn: (there: Target) => api.moveQuote(reference, there),
    onMutate: setTarget,
    onSuccess: setQuote,
    retry: false,
  });
  const moving = useMutation<Booking, Error, Target & { expectedRefundableUntil: string }>({
    mutationFn: (there) => api.move(reference, there),
    retry: false,
    onSuccess: (booking) => queryClient.setQueryData(keys.booking(reference), booking),
    onError: (error) => {
      if (error instanceof TermsChanged) setQuote(error.quote);
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: keys.list });
      void queryClient.invalidateQueries({ queryKey: keys.allSlots });
      void queryClient.invalidateQueries({ queryKey: keys.quote(reference) });
    },
  });
  const busy = looking.isPending || moving.isPending;
  const termsChanged = moving.error instanceof TermsChanged;
  return {
    quote,
    look: (there) => {
      moving.reset();
      looking.mutate(there);
    },
    confirm: () => {
      if (busy || !target || !quote?.movable) return;
      moving.mutate({ ...target, expectedRefundableUntil: quote.refundable_until });
    },
    termsChanged,
    busy,
    error: looking.error ?? (termsChanged ? null : moving.error),
    moved: moving.data ?? null,
  };
}
