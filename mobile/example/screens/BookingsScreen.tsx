import { useBookings } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { describe } from '../words';

interface Props {
  onBook: () => void;
  onOpen: (reference: string) => void;
  onAccount: () => void;
}

export function BookingsScreen({ onBook, onOpen, onAccount }: Props) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useBookings();
  const bookings = data?.pages.flatMap((page) => page.items);
  return (
    <Screen title="My bookings">
      <Button label="Book" onPress={onBook} />
      {error && <Notice>{error.message}</Notice>}
      {bookings?.length === 0 && <Line>You have no bookings yet.</Line>}
      {bookings?.map((booking) => (
        <Button key={booking.reference} label={describe(booking)} onPress={() => onOpen(booking.reference)} />
      ))}
      {hasNextPage && (
        <Button label="Older bookings" disabled={isFetchingNextPage} onPress={() => void fetchNextPage()} />
      )}
      <Button label="My account" onPress={onAccount} />
    </Screen>
  );
}
