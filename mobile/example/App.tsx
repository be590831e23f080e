import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { BookingApi, BookingsProvider } from '../src';
import { Navigator } from './Navigator';
import { SignInScreen } from './screens/SignInScreen';

const PAYMENT_SHEET = {
  merchantDisplayName: 'Appointments',
  returnURL: 'appointments://stripe-redirect',
  urlScheme: 'appointments',
};

/** The token lives in memory here; a real app keeps it in the device's secure storage. */
export function App({ baseUrl }: { baseUrl: string }) {
  const [token, setToken] = useState<string | null>(null);
  const signedOut = () => setToken(null);
  const api = useMemo(
    () => new BookingApi({ baseUrl, token: () => token, onSignedOut: signedOut }),
    [baseUrl, token],
  );
  const queryClient = useMemo(() => new QueryClient(), [token]);

  if (!token) {
    const signIn = async (username: string, password: string) =>
      setToken((await api.signIn(username, password)).token);
    return <SignInScreen onSignIn={signIn} />;
  }
  // Without network the token is forgotten here; the server lets it expire.
  const signOut = () => void api.signOut().then(signedOut, signedOut);
  return (
    <QueryClientProvider client={queryClient}>
      <BookingsProvider key={token} api={api} paymentSheet={PAYMENT_SHEET}>
        <Navigator onSignOut={signOut} />
      </BookingsProvider>
    </QueryClientProvider>
  );
}
