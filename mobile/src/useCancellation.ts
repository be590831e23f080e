import { useMutation, useMutationState, useQueryClient, type MutationState } from '@tanstack/react-query';

import type { CancelVariables } from './cancelMutation';
import { RefundChanged } from './errors';
import { keys } from './keys';
import type { Cancelled, Quote } from './types';

export type CancellationState =
  | { status: 'idle' }
  | { status: 'sending' }
  /** No answer: it may or may not have been cancelled. It is asked again until the server answers. */
  | { status: 'waiting' }
  /** Nothing was cancelled: this is what cancelling gives back now. Ask the customer again. */
  | { status: 'refund_changed'; quote: Quote }
  | { status: 'refused'; error: Error }
  | { status: 'cancelled'; answer: Cancelled };

export type Cancellation = CancellationState & {
  /** Cancel for what the quote says, the one on the customer's screen. Tapped twice it asks once. */
  cancel: (quote: Quote, reason?: string) => void;
};

type CancelState = MutationState<Cancelled, Error, CancelVariables>;

export function useCancellation(reference: string): Cancellation {
  const queryClient = useQueryClient();
  const mutationKey = keys.cancellation(reference);
  const { mutate } = useMutation<Cancelled, Error, CancelVariables>({ mutationKey, scope: { id: reference } });
  const states = useMutationState({
    filters: { mutationKey },
    select: (mutation) => mutation.state as CancelState,
  });
  function cancel(quote: Quote, reason?: string): void {
    if (queryClient.isMutating({ mutationKey })) return;
    mutate({ reference, expectedRefund: quote.refund.amount, reason });
  }
  return { ...told(states.at(-1)), cancel };
}

function told(state: CancelState | undefined): CancellationState {
  switch (state?.status) {
    case 'pending':
      return { status: state.isPaused || state.failureCount ? 'waiting' : 'sending' };
    case 'success':
      return { status: 'cancelled', answer: state.data as Cancelled };
    case 'error':
      if (state.error instanceof RefundChanged) return { status: 'refund_changed', quote: state.error.quote };
      return { status: 'refused', error: state.error as Error };
    default:
      return { status: 'idle' };
  }
}
