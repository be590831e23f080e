import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useMemo } from 'react';

import { BookingApi, BookingsProvider, Session, useSession, type SecureStorage } from '../src';
import { Navigator } from './Navigator';
import { memory } from './secureStorage';
import { WelcomeScreens } from './screens/WelcomeScreens';

const PAYMENT_SHEET = {
  merchantDisplayName: 'Appointments',
  returnURL: 'appointments://stripe-redirect',
  urlScheme: 'appointments',
};

export function App({ baseUrl, storage }: { baseUrl: string; storage?: SecureStorage }) {
  const session = useMemo(() => new Session({ baseUrl }, storage ?? memory()), [baseUrl, storage]);
  const state = useSession(session);
  const token = session.token();
  const api = useMemo(
    () => new BookingApi({ baseUrl, token: session.token, onSignedOut: () => void session.forget() }),
    [baseUrl, session],
  );
  const queryClient = useMemo(() => new QueryClient(), [token]);

  if (!token) return <WelcomeScreens session={session} state={state} />;
  // Without network the token is forgotten here; the server lets it expire.
  const signOut = () => void api.signOut().then(session.forget, session.forget);
  return (
    <QueryClientProvider client={queryClient}>
      <BookingsProvider key={token} api={api} paymentSheet={PAYMENT_SHEET}>
        <Navigator session={session} onSignOut={signOut} />
      </BookingsProvider>
    </QueryClientProvider>
  );
}
