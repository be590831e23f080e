import type { MutationOptions, QueryClient } from '@tanstack/react-query';

import type { BookingApi } from './api';
import { isPassing, RefundChanged } from './errors';
import { keys } from './keys';
import { pauseAfter } from './repeat';
import type { Cancelled } from './types';

export interface CancelVariables {
  reference: string;
  /** What the customer was shown that they get back, in minor units. */
  expectedRefund: number;
  reason?: string | undefined;
}

const PATIENCE = { attempts: Infinity, firstPauseMs: 2_000, longestPauseMs: 30_000 };

/**
 * Cancelling, repeated until the server has answered: a cancelled booking gives the same answer again, and a
 * refund that is no longer the agreed one cancels nothing.
 *
 * Registered as defaults, so that a cancellation persisted by the app goes on after a restart.
 */
export function cancelDefaults(
  api: BookingApi,
  queryClient: QueryClient,
): MutationOptions<Cancelled, Error, CancelVariables> {
  return {
    mutationFn: ({ reference, expectedRefund, reason }) => api.cancel(reference, { expectedRefund, reason }),
    retry: (_, error) => isPassing(error),
    retryDelay: (failures, error) => pauseAfter(error, failures + 1, PATIENCE),
    onSuccess: ({ booking }, { reference }) => {
      queryClient.setQueryData(keys.booking(reference), booking);
    },
    onError: (error, { reference }) => {
      if (error instanceof RefundChanged) queryClient.setQueryData(keys.quote(reference), error.quote);
    },
    onSettled: (_data, _error, { reference }) => {
      void queryClient.invalidateQueries({ queryKey: keys.list });
      void queryClient.invalidateQueries({ queryKey: keys.booking(reference) });
      void queryClient.invalidateQueries({ queryKey: keys.refund(reference) });
    },
  };
}
