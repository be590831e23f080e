import { focusManager, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { AppState } from 'react-native';

import type { BookingApi } from './api';
import { cancelDefaults } from './cancelMutation';
import type { PaymentFlow } from './paymentFlow';
import { keys } from './keys';
import type { SheetOptions } from './stripeSheet';

export interface Bookings {
  api: BookingApi;
  paymentSheet: SheetOptions;
  /** One payment for each booking, whichever screens show it. */
  flows: Map<string, PaymentFlow>;
}

const Context = createContext<Bookings | null>(null);

export interface BookingsProviderProps {
  api: BookingApi;
  /** For initPaymentSheet: `merchantDisplayName`, `returnURL`, `applePay`, `appearance`, … */
  paymentSheet: SheetOptions;
  children: ReactNode;
}

/** Stands inside a QueryClientProvider. Give it a `key` of the signed-in customer. */
export function BookingsProvider({ api, paymentSheet, children }: BookingsProviderProps) {
  const queryClient = useQueryClient();
  const bookings = useMemo(
    () => makeBookings(api, paymentSheet, queryClient),
    // The sheet's options are read when it is set up; a new object each render must not forget the payments.
    [api, queryClient],
  );
  bookings.paymentSheet = paymentSheet;
  useEffect(refreshWhenActive, []);
  return <Context.Provider value={bookings}>{children}</Context.Provider>;
}

function makeBookings(api: BookingApi, paymentSheet: SheetOptions, queryClient: QueryClient): Bookings {
  queryClient.setMutationDefaults(keys.cancellations, cancelDefaults(api, queryClient));
  return { api, paymentSheet, flows: new Map() };
}

/** React Native has no window: the app's own state tells TanStack Query when to refetch and when to rest. */
function refreshWhenActive(): () => void {
  const watched = AppState.addEventListener('change', (state) => focusManager.setFocused(state === 'active'));
  return () => watched.remove();
}

export function useBookingsContext(): Bookings {
  const bookings = useContext(Context);
  if (!bookings) throw new Error('Put <BookingsProvider> around this screen.');
  return bookings;
}
