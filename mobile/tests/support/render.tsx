import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, renderHook } from '@testing-library/react';
import type { ReactElement, ReactNode } from 'react';

import { BookingsProvider, type BookingApi } from '../../src';

export const PAYMENT_SHEET = { merchantDisplayName: 'Appointments', returnURL: 'appointments://stripe-redirect' };

/** The providers around a screen. A new one is what an app that was started again has: nothing remembered. */
export function phoneWith(api: BookingApi, queryClient = new QueryClient()) {
  function Wrapper({ children }: { children: ReactNode }) {
    return (
      <QueryClientProvider client={queryClient}>
        <BookingsProvider api={api} paymentSheet={PAYMENT_SHEET}>
          {children}
        </BookingsProvider>
      </QueryClientProvider>
    );
  }
  return {
    queryClient,
    hook: <Result,>(use: () => Result) => renderHook(use, { wrapper: Wrapper }),
    screen: (element: ReactElement) => render(element, { wrapper: Wrapper }),
  };
}
