import { useBooking, type Booking, type RefundStatus } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { describe, price } from '../words';

interface Props {
  reference: string;
  onPay: () => void;
  onCancel: () => void;
  onMove: () => void;
  onBack: () => void;
}

export function BookingScreen({ reference, onPay, onCancel, onMove, onBack }: Props) {
  const { booking, quote, countdown, refund, error } = useBooking(reference);
  return (
    <Screen title={reference} onBack={onBack}>
      {error && <Notice>{error.message}</Notice>}
      {booking && <Facts booking={booking} />}
      {booking?.status === 'pending_payment' && <Button label="Pay" onPress={onPay} />}
      {countdown && <Line>{countdown}</Line>}
      {booking?.status === 'confirmed' && countdown && <Button label="Move this booking" onPress={onMove} />}
      {quote?.cancellable && <Button label="Cancel this booking" onPress={onCancel} />}
      {refund && <Refund refund={refund} />}
    </Screen>
  );
}

function Facts({ booking }: { booking: Booking }) {
  return (
    <>
      <Line>{describe(booking)}</Line>
      {booking.resource && <Line>{`With ${booking.resource.name}`}</Line>}
      <Line>{price(booking)}</Line>
    </>
  );
}

/** The server's words, as they are: they never say more than is known. */
function Refund({ refund }: { refund: RefundStatus }) {
  return refund.status === 'none' ? null : <Notice>{refund.message}</Notice>;
}

