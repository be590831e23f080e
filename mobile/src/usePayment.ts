import { useQueryClient } from '@tanstack/react-query';
import { useStripe } from '@stripe/stripe-react-native';
import { useEffect, useSyncExternalStore } from 'react';

import { useBookingsContext } from './context';
import { keys } from './keys';
import { PaymentFlow, type PaymentState } from './paymentFlow';
import type { Booking } from './types';

export type Payment = PaymentState & {
  /** Show Stripe's PaymentSheet; resolves when the server has said what came of it. */
  openPaymentSheet: () => Promise<void>;
  /** After `unavailable`: ask again. */
  retry: () => Promise<void>;
};

/**
 * Pay for a booking with Stripe's PaymentSheet.
 *
 * `status` is `paid` only when the server says so; what the SDK reports is a reason to ask the server.
 */
export function usePayment(bookingReference: string): Payment {
  const flow = useFlow(bookingReference);
  const state = useSyncExternalStore(flow.subscribe, flow.getState);
  useEffect(() => void flow.load(), [flow]);
  return { ...state, openPaymentSheet: flow.open, retry: flow.load };
}

function useFlow(reference: string): PaymentFlow {
  const { api, flows, paymentSheet: sheetOptions } = useBookingsContext();
  const { initPaymentSheet, presentPaymentSheet } = useStripe();
  const stripe = { initPaymentSheet, presentPaymentSheet };
  const queryClient = useQueryClient();
  let flow = flows.get(reference);
  if (!flow) {
    const onBooking = (booking: Booking) => {
      queryClient.setQueryData(keys.booking(reference), booking);
      void queryClient.invalidateQueries({ queryKey: keys.list });
      void queryClient.invalidateQueries({ queryKey: keys.refund(reference) });
    };
    flow = new PaymentFlow({ api, reference, stripe, sheetOptions, onBooking });
    flows.set(reference, flow);
  }
  Object.assign(flow, { stripe, sheetOptions });
  return flow;
}
