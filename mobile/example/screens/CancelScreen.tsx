import { useBooking, type Cancellation, type Quote } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { price } from '../words';

interface Props {
  reference: string;
  onBack: () => void;
}

/** What cancelling gives back, then the cancelling: for that amount or not at all. */
export function CancelScreen({ reference, onBack }: Props) {
  const { quote, countdown, cancellation, refund, error } = useBooking(reference);
  return (
    <Screen title={`Cancel ${reference}`} onBack={onBack}>
      {error && <Notice>{error.message}</Notice>}
      <Progress cancellation={cancellation} />
      {quote && <Line>{quote.refund.explanation}</Line>}
      {countdown && <Line>{countdown}</Line>}
      {quote?.cancellable && <CancelButton quote={quote} cancellation={cancellation} />}
      {refund && refund.status !== 'none' && <Notice>{refund.message}</Notice>}
    </Screen>
  );
}

function CancelButton({ quote, cancellation }: { quote: Quote; cancellation: Cancellation }) {
  const underWay = cancellation.status === 'sending' || cancellation.status === 'waiting';
  return (
    <Button
      label={quote.refund.amount ? `Cancel and get ${price(quote.refund)} back` : 'Cancel without a refund'}
      disabled={underWay}
      onPress={() => cancellation.cancel(quote)}
    />
  );
}

function Progress({ cancellation }: { cancellation: Cancellation }) {
  switch (cancellation.status) {
    case 'idle':
      return null;
    case 'sending':
      return <Notice>Cancelling…</Notice>;
    case 'waiting':
      return <Notice>No answer from the server yet. We ask again until there is one.</Notice>;
    case 'refund_changed':
      return <Notice>Nothing was cancelled: what you get back has changed.</Notice>;
    case 'refused':
      return <Notice>{cancellation.error.message}</Notice>;
    case 'cancelled':
      return <Notice>Your booking is cancelled.</Notice>;
  }
}
