import { useState } from 'react';

import type { Session } from '../src';
import { AccountScreen } from './screens/AccountScreen';
import { BookingScreen } from './screens/BookingScreen';
import { BookingsScreen } from './screens/BookingsScreen';
import { BookScreen } from './screens/BookScreen';
import { CancelScreen } from './screens/CancelScreen';
import { MoveScreen } from './screens/MoveScreen';
import { PayScreen } from './screens/PayScreen';

type Place =
  | { screen: 'bookings' }
  | { screen: 'book' | 'account' }
  | { screen: 'booking' | 'pay' | 'cancel' | 'move'; reference: string };

/** Just enough to move between the screens; a real app has its navigation library. */
export function Navigator({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  const [place, go] = useState<Place>({ screen: 'bookings' });
  const home = () => go({ screen: 'bookings' });
  const open = (reference: string) => go({ screen: 'booking', reference });
  switch (place.screen) {
    case 'bookings':
      return <BookingsScreen onBook={() => go({ screen: 'book' })} onOpen={open} onAccount={() => go({ screen: 'account' })} />;
    case 'account':
      return <AccountScreen session={session} onBack={home} onSignOut={onSignOut} />;
    case 'book':
      return <BookScreen onBack={home} onBooked={({ reference }) => go({ screen: 'pay', reference })} />;
    case 'pay':
      return <PayScreen reference={place.reference} onDone={() => open(place.reference)} />;
    case 'cancel':
      return <CancelScreen reference={place.reference} onBack={() => open(place.reference)} />;
    case 'move':
      return <MoveScreen reference={place.reference} onBack={() => open(place.reference)} />;
    case 'booking':
      return (
        <BookingScreen
          reference={place.reference}
          onBack={home}
          onPay={() => go({ screen: 'pay', reference: place.reference })}
          onCancel={() => go({ screen: 'cancel', reference: place.reference })}
          onMove={() => go({ screen: 'move', reference: place.reference })}
        />
      );
  }
}
